"""Every way in which an endpoint can fail, as one of our typed errors. Messages hold no key and no header."""

from __future__ import annotations

import re

import httpx2
import openai
from pydantic import ValidationError

from manager.agent.masking import masked
from manager.agent.model import (
    ModelError,
    ModelGarbage,
    ModelRefusedCredentials,
    ModelRejected,
    ModelThrottled,
    ModelTimeout,
    ModelUnreachable,
)

MESSAGE_CHARS = 300


class ReplyTooLarge(Exception):
    """More bytes came than any reply can need."""


def typed(error: Exception, model: str, secret: str) -> ModelError:
    """`error` of the client library, of the network or of reading the reply."""
    match error:
        case ModelError():
            return error
        case openai.AuthenticationError() | openai.PermissionDeniedError():
            text = f"{model} refused our credentials ({error.status_code}); the administrator has to renew the key"
            return ModelRefusedCredentials(text)
        case openai.RateLimitError():
            return ModelThrottled(
                f"{model} has too many requests at the moment; try again later", _retry_after_s(error)
            )
        case openai.InternalServerError():
            return ModelUnreachable(f"{model} failed with HTTP {error.status_code}: {_said(error, secret)}")
        case openai.APIStatusError():
            return ModelRejected(f"{model} rejected the request (HTTP {error.status_code}): {_said(error, secret)}")
        case openai.APIConnectionError():
            return _connection(error, model)
        case openai.APIError():
            return ModelUnreachable(f"{model} reported an error: {_said(error, secret)}")
        case ReplyTooLarge():
            return ModelGarbage(f"{model} sent more than any reply can need; the connection was cut")
        case ValueError() | ValidationError():
            return ModelGarbage(
                f"{model} answered something that is not the chat-completions protocol; check its address"
            )
        case _:
            return ModelGarbage(f"{model} could not be read ({type(error).__name__}); check its address")


def _connection(error: openai.APIConnectionError, model: str) -> ModelError:
    if isinstance(error, openai.APITimeoutError) and not isinstance(error.__cause__, httpx2.ConnectTimeout):
        return ModelTimeout(f"{model} did not answer in time")
    return ModelUnreachable(f"{model} cannot be reached ({type(error.__cause__).__name__}); try again later")


def _retry_after_s(error: openai.RateLimitError) -> float | None:
    """Seconds that the endpoint asks to wait; a date is not understood."""
    try:
        return max(0.0, float(error.response.headers.get("retry-after", "")))
    except ValueError:
        return None


def _said(error: openai.APIError, secret: str) -> str:
    """Masked before it is cut, so that no part of the key is left at the end."""
    return masked(re.sub(r"^Error code: \d+ - ", "", " ".join(error.message.split())), secret)[:MESSAGE_CHARS]
