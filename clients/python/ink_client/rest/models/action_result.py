"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define

if TYPE_CHECKING:
    from ..models.action_result_refused import ActionResultRefused


T = TypeVar("T", bound="ActionResult")


@_attrs_define
class ActionResult:
    """What became of an action on each job: done, or refused with the scheduler's reason.

    Attributes:
        done (list[str]):
        refused (ActionResultRefused):
    """

    done: list[str]
    refused: ActionResultRefused

    def to_dict(self) -> dict[str, Any]:
        done = self.done

        refused = self.refused.to_dict()

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "done": done,
                "refused": refused,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.action_result_refused import ActionResultRefused  # noqa: PLC0415

        d = dict(src_dict)
        done = cast(list[str], d.pop("done"))

        refused = ActionResultRefused.from_dict(d.pop("refused"))

        action_result = cls(
            done=done,
            refused=refused,
        )

        return action_result
