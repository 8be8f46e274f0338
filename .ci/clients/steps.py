"""Steps of a client that is not ours, against the simulator: what works, and what cannot, with the reason."""

import sys


class Steps:
    def __init__(self, client):
        self.client = client
        self.wrong = []

    def works(self, name, step):
        """A step that must work; gives what it returned."""
        try:
            given = step()
        except Exception as error:  # every kind of failure is a finding
            self.wrong.append(f"{name}: {type(error).__name__}: {error}")
            return None
        print(f"{self.client}: {name}")
        return given

    def cannot(self, name, step, because, sign):
        """A step that fails today, with `sign` in its error or its answer. If it works, the table of the README is out of date."""
        try:
            text = repr(step())
        except Exception as error:
            text = f"{type(error).__name__}: {error}"
        if sign in text:
            print(f"{self.client}: {name}: cannot, because {because}")
        else:
            self.wrong.append(f"{name}: expected {sign!r}, got {text[:400]}")

    def end(self):
        for wrong in self.wrong:
            print(f"{self.client}: {wrong}", file=sys.stderr)
        sys.exit(1 if self.wrong else 0)


def check(condition, what):
    """An assertion whose text says what was seen."""
    if not condition:
        raise AssertionError(repr(what)[:400])
