"""Photos and files. The value is a list of {"id", "name", "size", "type"}; the host keeps the bytes and looks them up."""

from typing import Any

from marshmallow import fields, validate

from ..config import config_of, setting
from ._reference import Reference
from ._type import Config, FieldType, Names, codes

CONFIG = config_of(
    accept=setting(
        "类型", "Kind", default="any", options={"any": ("任意文件", "Any file"), "images": ("只收图片", "Images only")}
    ),
    max=setting("最多个数", "At most", type="integer", minimum=1, maximum=20),
)


def make(config: Config) -> fields.Field[Any]:
    count = validate.Length(max=config.get("max", 9), error="field.files.too_many")
    return fields.List(Reference(error_messages=codes()), error_messages=codes(), validate=count)


def show(value: Any, config: Config, language: str, names: Names) -> str:
    return ", ".join(str(item.get("name", "")) for item in value)


FIELD = FieldType(
    "files",
    {"zh-Hans": "附件/图片", "en": "Files and photos"},
    {"zh-Hans": "上传照片、单据等", "en": "Photos, documents"},
    "files",
    make,
    CONFIG,
    group="advanced",
    icon="paperclip",
    gather=lambda getlist, name: [item for item in getlist(name) if item],
    show=show,
    cell=True,
    standard={"max": 9},
    rank=60,
)
