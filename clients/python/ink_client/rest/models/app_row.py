"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define

if TYPE_CHECKING:
    from ..models.input_ import Input
    from ..models.resources import Resources
    from ..models.words import Words


T = TypeVar("T", bound="AppRow")


@_attrs_define
class AppRow:
    """An app with what one may ask of it: `resources` and `inputs` are the fields of its form.

    Attributes:
        name (str):
        title (Words): A text in the languages of the page.
        description (Words): A text in the languages of the page.
        resources (Resources): Of the job: CPUs, memory in MB, wall time in seconds, GPUs.
        inputs (list[Input]):
    """

    name: str
    title: Words
    description: Words
    resources: Resources
    inputs: list[Input]

    def to_dict(self) -> dict[str, Any]:
        name = self.name

        title = self.title.to_dict()

        description = self.description.to_dict()

        resources = self.resources.to_dict()

        inputs = []
        for inputs_item_data in self.inputs:
            inputs_item = inputs_item_data.to_dict()
            inputs.append(inputs_item)

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "name": name,
                "title": title,
                "description": description,
                "resources": resources,
                "inputs": inputs,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.input_ import Input  # noqa: PLC0415
        from ..models.resources import Resources  # noqa: PLC0415
        from ..models.words import Words  # noqa: PLC0415

        d = dict(src_dict)
        name = d.pop("name")

        title = Words.from_dict(d.pop("title"))

        description = Words.from_dict(d.pop("description"))

        resources = Resources.from_dict(d.pop("resources"))

        inputs = []
        _inputs = d.pop("inputs")
        for inputs_item_data in _inputs:
            inputs_item = Input.from_dict(inputs_item_data)

            inputs.append(inputs_item)

        app_row = cls(
            name=name,
            title=title,
            description=description,
            resources=resources,
            inputs=inputs,
        )

        return app_row
