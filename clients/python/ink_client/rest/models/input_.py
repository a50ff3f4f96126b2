"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Literal, TypeVar, cast

from attrs import define as _attrs_define

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.words import Words


T = TypeVar("T", bound="Input")


@_attrs_define
class Input:
    """Something of the user's that the command names as `{name}`: a path, which is made absolute below the home.

    Attributes:
        name (str):
        title (Words): A text in the languages of the page.
        kind (Literal['path'] | Unset):  Default: 'path'.
        default (str | Unset): From the home. Default: '.'.
    """

    name: str
    title: Words
    kind: Literal["path"] | Unset = "path"
    default: str | Unset = "."

    def to_dict(self) -> dict[str, Any]:
        name = self.name

        title = self.title.to_dict()

        kind = self.kind

        default = self.default

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "name": name,
                "title": title,
            }
        )
        if kind is not UNSET:
            field_dict["kind"] = kind
        if default is not UNSET:
            field_dict["default"] = default

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.words import Words  # noqa: PLC0415

        d = dict(src_dict)
        name = d.pop("name")

        title = Words.from_dict(d.pop("title"))

        kind = cast(Literal["path"] | Unset, d.pop("kind", UNSET))
        if kind != "path" and not isinstance(kind, Unset):
            raise ValueError(f"kind must match const 'path', got '{kind}'")

        default = d.pop("default", UNSET)

        input_ = cls(
            name=name,
            title=title,
            kind=kind,
            default=default,
        )

        return input_
