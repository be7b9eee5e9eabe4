"""The routes of services as their own descriptions (OpenAPI) tell of them."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from shared.app import create_app
from shared.auth.tokens import TokenChecker
from tests.harness import Bench


@dataclass(frozen=True)
class Route:
    """A route as its service describes it."""

    service: str
    method: str
    template: str
    told: dict[str, Any]

    def path(self, **ids: str) -> str:
        """Give its address with these ids in it; ids that are not given are of things that do not exist."""
        path = self.template
        for parameter in self.told.get("parameters", []):
            if parameter["in"] == "path":
                form = parameter["schema"].get("format", parameter["schema"]["type"])
                value = {"uuid": str(uuid4()), "integer": "2026", "string": "full"}[form]
                path = path.replace(f"{{{parameter['name']}}}", ids.get(parameter["name"], value))
        assert "{" not in path, f"a path that its description does not explain: {path}"
        return f"/{self.service}{path}"

    def query(self) -> dict[str, dict[str, Any]]:
        """Give its query parameters and what each of them may be, but for nothing at all."""
        found = {each["name"]: each for each in self.told.get("parameters", []) if each["in"] == "query"}
        return {name: something(each["schema"]) for name, each in found.items()}

    @property
    def is_list(self) -> bool:
        """Say whether it answers with a portion of a list."""
        shape = self.told["responses"].get("200", {}).get("content", {}).get("application/json", {}).get("schema", {})
        return "Listing" in shape.get("$ref", "")


def something(schema: dict[str, Any]) -> dict[str, Any]:
    """Give what a parameter may be when it is there."""
    choices: list[dict[str, Any]] = schema.get("anyOf", [schema])
    return next(choice for choice in choices if choice.get("type") != "null")


def routes_of(system: Bench) -> Iterator[Route]:
    """Give every route of every service, out of the descriptions."""
    for name, service in system.services.items():
        described = create_app(service, TokenChecker(system.issuer.url)).openapi()
        for template, operations in described["paths"].items():
            for method, told in operations.items():
                yield Route(name, method.upper(), template, told)
