"""Certificates of every kind that clients show, made by OpenSSL."""

import subprocess
from pathlib import Path

KINDS = {
    "rsa-1024": ["rsa:1024"],
    "rsa-2048": ["rsa:2048"],
    "rsa-3072": ["rsa:3072"],
    "rsa-4096": ["rsa:4096"],
    "p-256": ["ec", "-pkeyopt", "ec_paramgen_curve:P-256"],
    "p-384": ["ec", "-pkeyopt", "ec_paramgen_curve:P-384"],
    "p-521": ["ec", "-pkeyopt", "ec_paramgen_curve:P-521"],
}


class Certificate:
    """A certificate of its own key in a folder of the caller's."""

    def __init__(self, kind, folder):
        self.path, self.key = Path(folder) / f"{kind}.pem", Path(folder) / f"{kind}.key"
        made = ["req", "-x509", "-newkey", *KINDS[kind], "-nodes", "-days", "30", "-subj", "/CN=client"]
        openssl(*made, "-keyout", self.key, "-out", self.path)
        told = openssl("x509", "-in", self.path, "-noout", "-fingerprint", "-sha256")
        self.fingerprint = told.split("=")[1].strip()

    def pem(self):
        """Certificate and key in one text."""
        return self.path.read_text() + self.key.read_text()


def openssl(*arguments):
    """What `openssl` says."""
    return subprocess.run(["openssl", *arguments], check=True, capture_output=True, text=True).stdout
