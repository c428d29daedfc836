from tests.stage import cast, template_home

__all__ = ["cast", "template_home"]
