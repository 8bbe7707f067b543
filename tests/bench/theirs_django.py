"""django-ca's signing with a row in SQLite, measured in its own environment; prints milliseconds.

python theirs_django.py FOLDER COUNT KEY_TYPE   (EC or RSA)
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path

folder, count, kind = Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
(folder / "bench_settings.py").write_text(f"""
SECRET_KEY = "bench"
DATABASES = {{"default": {{"ENGINE": "django.db.backends.sqlite3", "NAME": r"{folder}/db.sqlite3",
    "OPTIONS": {{"init_command": "PRAGMA journal_mode=wal; PRAGMA synchronous=1;"}}}}}}
INSTALLED_APPS = ["django.contrib.contenttypes", "django.contrib.auth", "django_object_actions",
    "django.contrib.sessions", "django.contrib.messages", "django.contrib.admin", "django_ca"]
STORAGES = {{"django-ca": {{"BACKEND": "django.core.files.storage.FileSystemStorage",
    "OPTIONS": {{"location": r"{folder}/keys"}}}}}}
USE_TZ = True
CA_DEFAULT_HOSTNAME = "localhost:8000"
ROOT_URLCONF = "bench_urls"
CA_USE_CELERY = False
""")
(folder / "bench_urls.py").write_text("""
from django.urls import include, path
urlpatterns = [path("django_ca/", include("django_ca.urls"))]
""")
sys.path.insert(0, str(folder))
os.environ["DJANGO_SETTINGS_MODULE"] = "bench_settings"

import django  # noqa: E402

django.setup()

from cryptography import x509  # noqa: E402
from cryptography.hazmat.primitives import hashes  # noqa: E402
from cryptography.hazmat.primitives.asymmetric import ec  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django_ca.models import Certificate, CertificateAuthority  # noqa: E402

call_command("migrate", verbosity=0)
options = (
    {"key_type": "EC", "elliptic_curve": "secp256r1"}
    if kind == "EC"
    else {"key_type": "RSA", "key_size": 2048}
)
options = {name: str(value) for name, value in options.items()}
given = [f"--{name.replace('_', '-')}={value}" for name, value in options.items()]
call_command("init_ca", *given, "--path-length=0", "bench", "CN=Bench CA,O=Bench,C=US")
ca = CertificateAuthority.objects.get(name="bench")
use = ca.key_backend.get_use_private_key_options(ca, {})
key = ec.generate_private_key(ec.SECP256R1())


def issue(number: int) -> None:
    names = [f"www.n{number}.example.com", f"n{number}.example.com"]
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, names[0])])
    request = x509.CertificateSigningRequestBuilder().subject_name(subject)
    san = x509.SubjectAlternativeName([x509.DNSName(name) for name in names])
    requests.append((request.sign(key, hashes.SHA256()), subject, san))


requests: list[tuple[x509.CertificateSigningRequest, x509.Name, x509.SubjectAlternativeName]] = []
for number in range(count + 5):
    issue(number)


def certify(work: Sequence[tuple[object, x509.Name, x509.SubjectAlternativeName]]) -> None:
    for csr, subject, san in work:
        extension = x509.Extension(oid=san.oid, critical=False, value=san)
        Certificate.objects.create_cert(ca, use, csr, subject=subject, extensions=[extension])


certify(requests[:5])
cpu, wall = time.process_time(), time.perf_counter()
certify(requests[5:])
print((time.process_time() - cpu) / count * 1000, (time.perf_counter() - wall) / count * 1000)
