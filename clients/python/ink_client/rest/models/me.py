"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.model_view import ModelView


T = TypeVar("T", bound="Me")


@_attrs_define
class Me:
    """
    Attributes:
        username (str):
        is_admin (bool):
        scopes (list[str]):
        clusters (list[str]):
        default_cluster (str):
        model (ModelView):
        models (list[ModelView]):
    """

    username: str
    is_admin: bool
    scopes: list[str]
    clusters: list[str]
    default_cluster: str
    model: ModelView
    models: list[ModelView]
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        username = self.username

        is_admin = self.is_admin

        scopes = self.scopes

        clusters = self.clusters

        default_cluster = self.default_cluster

        model = self.model.to_dict()

        models = []
        for models_item_data in self.models:
            models_item = models_item_data.to_dict()
            models.append(models_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "username": username,
                "is_admin": is_admin,
                "scopes": scopes,
                "clusters": clusters,
                "default_cluster": default_cluster,
                "model": model,
                "models": models,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.model_view import ModelView  # noqa: PLC0415

        d = dict(src_dict)
        username = d.pop("username")

        is_admin = d.pop("is_admin")

        scopes = cast(list[str], d.pop("scopes"))

        clusters = cast(list[str], d.pop("clusters"))

        default_cluster = d.pop("default_cluster")

        model = ModelView.from_dict(d.pop("model"))

        models = []
        _models = d.pop("models")
        for models_item_data in _models:
            models_item = ModelView.from_dict(models_item_data)

            models.append(models_item)

        me = cls(
            username=username,
            is_admin=is_admin,
            scopes=scopes,
            clusters=clusters,
            default_cluster=default_cluster,
            model=model,
            models=models,
        )

        me.additional_properties = d
        return me

    @property
    def additional_keys(self) -> list[str]:
        return list(self.additional_properties.keys())

    def __getitem__(self, key: str) -> Any:
        return self.additional_properties[key]

    def __setitem__(self, key: str, value: Any) -> None:
        self.additional_properties[key] = value

    def __delitem__(self, key: str) -> None:
        del self.additional_properties[key]

    def __contains__(self, key: str) -> bool:
        return key in self.additional_properties
