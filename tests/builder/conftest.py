from tests.stage import alone, cast, postgres, template, template_on

__all__ = ["alone", "cast", "postgres", "template", "template_on"]
