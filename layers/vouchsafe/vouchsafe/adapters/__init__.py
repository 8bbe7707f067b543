"""One module per outside thing; the only place with boto3 or sockets."""
