from tests.stage import cast, postgres, template, template_on

__all__ = ["cast", "postgres", "template", "template_on"]
