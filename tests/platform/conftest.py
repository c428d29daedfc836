from tests.stage import cast, cast_on_postgres, postgres, template, template_on

__all__ = ["cast", "cast_on_postgres", "postgres", "template", "template_on"]
