"""The public part of a certificate as people have it: .cer, .crt, .pem, .p7b."""

from asn1crypto import cms, pem, pkcs12, x509

from .certificates import SigningRefused

_LARGEST = 200_000
_MOST_CERTIFICATES = 20


class NotACertificate(SigningRefused):
    def __init__(self) -> None:
        super().__init__(
            "Tệp này không phải là chứng thư số. Hãy chọn tệp .cer, .crt, .pem hoặc .p7b do nơi "
            "cấp chứng thư giao."
        )


class KeyUploaded(SigningRefused):
    """A private key came along: it must not travel, so nothing of the file is kept."""

    def __init__(self) -> None:
        super().__init__(
            "Tệp này có chứa khoá bí mật (.p12, .pfx) nên cổng không nhận và không giữ lại. Hãy "
            "xuất riêng chứng thư (.cer) rồi tải lên; nếu tệp khoá đã gửi qua mạng không an toàn, "
            "hãy báo nơi cấp để thay khoá."
        )


def read_certificates(data: bytes) -> tuple[x509.Certificate, ...]:
    """Return the signer's certificate, then those that issued it; raises a SigningRefused."""
    if len(data) > _LARGEST:
        raise NotACertificate
    try:
        found = _in_pem(data) if pem.detect(data) else _in_der(data)
        authorities = [one for one in found if one.ca]
        owners = [one for one in found if not one.ca]
    except (ValueError, TypeError, KeyError) as error:
        raise NotACertificate from error
    if len(owners) != 1 or len(found) > _MOST_CERTIFICATES:
        raise NotACertificate
    return (owners[0], *authorities)


def _in_pem(data: bytes) -> list[x509.Certificate]:
    found: list[x509.Certificate] = []
    for kind, _, body in pem.unarmor(data, multiple=True):
        if "PRIVATE KEY" in kind:
            raise KeyUploaded
        found += _in_der(body)
    return found


def _in_der(data: bytes) -> list[x509.Certificate]:
    if _is_pkcs12(data):
        raise KeyUploaded
    try:
        certificate = x509.Certificate.load(data, strict=True)
        certificate.native  # noqa: B018 - reads every part, so that a broken one fails here
    except (ValueError, TypeError):
        return _in_pkcs7(data)
    return [certificate]


def _is_pkcs12(data: bytes) -> bool:
    try:
        found = pkcs12.Pfx.load(data, strict=True)
        return found["version"].native == "v3" and found["auth_safe"]["content_type"].native != ""
    except (ValueError, TypeError, KeyError):
        return False


def _in_pkcs7(data: bytes) -> list[x509.Certificate]:
    content = cms.ContentInfo.load(data, strict=True)
    if content["content_type"].native != "signed_data":
        raise NotACertificate
    found = [one.chosen for one in content["content"]["certificates"]]
    for certificate in found:
        certificate.native  # noqa: B018 - as above
    return found
