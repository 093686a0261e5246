"""Who acts in a test where it says nothing: somebody whom only the tests' databases know.

Tests prepare papers and look at rows directly, as everybody at once. For that the functions that
policies ask are told of one more person, who sees every row and in whose transactions anybody may
be named. No real person has the number. What a page or another process does is never done as this
person: `accounts.middleware.Acting` names the client's own, and forgets them after the answer.
"""

from __future__ import annotations

from typing import Any, Final

import psycopg

AMBIENT: Final = -1
# The functions that decide what a person sees and whether they may name somebody, with arguments.
_ASKED: Final = (
    *("sees_every_paper()", "cleared(paper bigint)", "acts_as(named bigint)"),
    *("is_secretariat()", "may_confirm()", "sets_up()"),
)


def admit(owner: psycopg.Connection[Any]) -> None:
    """Let the ambient person of the tests see and name everything, in the owner's database."""
    for signature in _ASKED:
        name = signature.partition("(")[0]
        types = signature.partition("(")[2].replace("paper ", "").replace("named ", "")
        found = owner.execute(
            "SELECT pg_get_functiondef(%s::regprocedure)", [f"sight.{name}({types}"]
        )
        (definition,) = found.fetchone() or ("",)
        owner.execute(definition.replace(f"sight.{name}(", f"sight.{name}_in_earnest(", 1))
        call = f"sight.{name}_in_earnest({'$1' if types != ')' else ''})"
        head = definition.partition("AS $function$")[0].replace("LANGUAGE sql", "LANGUAGE plpgsql")
        body = f"BEGIN RETURN sight.person() = {AMBIENT} OR {call}; END"
        owner.execute(f"{head} AS $function$ {body} $function$")


def speak(connection: psycopg.Connection[Any]) -> None:
    """Have a connection of a test's own, in the staff role, speak for the ambient person."""
    connection.execute("SELECT set_config('countersign.person', %s, false)", [str(AMBIENT)])
    connection.commit()
