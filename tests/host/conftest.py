from tests.stage import alone, cast, cast_on_postgres, postgres, template, template_on

__all__ = ["alone", "cast", "cast_on_postgres", "postgres", "template", "template_on"]
