from tests.stage import cast, postgres, template

__all__ = ["cast", "postgres", "template"]
