"""A time stamp service (RFC 3161) that is asked, waited for a little, and not believed blindly."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta

from asn1crypto import cms, tsp, x509
from pyhanko.sign.timestamps import TimeStamper
from pyhanko.sign.timestamps.common_utils import TimestampRequestError
from pyhanko.sign.validation.generic_cms import validate_tst_signed_data
from pyhanko.sign.validation.status import TimestampSignatureStatus

from .certificates import trust_context
from .fetching import NotReached, fetch

_HEADERS = {
    "Content-Type": "application/timestamp-query",
    "Accept": "application/timestamp-reply",
}
_LARGEST_ANSWER = 64 * 1024

#: How far the stamp's time may lie from this machine's clock.
_MOST_APART = timedelta(minutes=10)


class StampRefused(TimestampRequestError):
    """No answer, or one that proves nothing."""


class StampService(TimeStamper):
    """One service for one request: once it has failed it is not asked again.

    Every stamp is checked: it answers this question (digest and nonce), it is signed by a
    certificate for time stamps under the trusted roots that is valid at its time, and its time is
    now. Without that a stranger on the line could set the time.
    """

    def __init__(
        self,
        url: str,
        *,
        trust_roots: Iterable[x509.Certificate],
        seconds: float,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        super().__init__()
        self._url, self._seconds, self._clock = url, seconds, clock
        self._roots = tuple(trust_roots)
        self.has_failed = False

    async def async_timestamp(self, message_digest: bytes, md_algorithm: str) -> cms.ContentInfo:
        """Return the token; raises StampRefused, at once when the service failed before."""
        if self.has_failed:
            raise StampRefused
        nonce, question = self.request_cms(message_digest, md_algorithm)
        try:
            token = self._token(question)
            await self._check(token, message_digest, nonce)
        except Exception as error:  # any bytes may come back; whatever is wrong, there is no stamp
            self.has_failed = True
            raise StampRefused from error
        return token

    def _token(self, question: tsp.TimeStampReq) -> cms.ContentInfo:
        try:
            content = fetch(
                self._url,
                seconds=self._seconds,
                most_bytes=_LARGEST_ANSWER,
                body=question.dump(),
                headers=_HEADERS,
            )
        except NotReached as error:
            raise StampRefused from error
        answer = tsp.TimeStampResp.load(content, strict=True)
        if answer["status"]["status"].native not in ("granted", "granted_with_mods"):
            raise StampRefused
        return answer["time_stamp_token"]

    async def _check(self, token: cms.ContentInfo, digest: bytes, nonce: int) -> None:
        signed = token["content"]
        info = signed["encap_content_info"]["content"].parsed
        moment = info["gen_time"].native
        if info["nonce"].native != nonce:
            raise StampRefused
        if info["message_imprint"]["hashed_message"].native != digest:
            raise StampRefused
        if abs(moment - self._clock()) > _MOST_APART:
            raise StampRefused
        others = [one.chosen for one in signed["certificates"]]
        context = trust_context(self._roots, others=others, moment=moment)
        found = await validate_tst_signed_data(signed, context, lambda _: digest)
        status = TimestampSignatureStatus(**found)
        if not (status.intact and status.valid and status.trusted):
            raise StampRefused
