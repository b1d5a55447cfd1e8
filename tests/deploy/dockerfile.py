"""A reader of deploy/Dockerfile, of as much as that file uses: its stages, and what each of them says. It passes over nothing."""

import re
import shlex
from dataclasses import dataclass, field

from machine import ROOT, check

FILE = ROOT / "deploy/Dockerfile"
KNOWN = {"ARG", "COPY", "ENTRYPOINT", "ENV", "EXPOSE", "FROM", "RUN", "STOPSIGNAL", "USER", "VOLUME", "WORKDIR"}


@dataclass
class Stage:
    """One image: what it is made of, and the instructions in their order, as word and text."""

    base: str
    name: str
    instructions: list = field(default_factory=list)

    def last(self, word):
        """What the last instruction of this kind says."""
        said = [text for kind, text in self.instructions if kind == word]
        check(said, f"the stage of {self.base} says no {word}")
        return said[-1]

    def environment(self):
        """All that ENV sets."""
        said = [text for kind, text in self.instructions if kind == "ENV"]
        return {name: value for text in said for name, value in pairs(text).items()}

    def copies(self):
        """Each COPY as the stage that it is from (None: the context), the paths there, and the place here."""
        for text in (text for kind, text in self.instructions if kind == "COPY"):
            yield copy(text)

    def installs(self):
        """The packages that apt-get installs here."""
        commands = [part for kind, text in self.instructions if kind == "RUN" for part in re.split("&&|;", text)]
        words = [shlex.split(part) for part in commands if part.split()[:2] == ["apt-get", "install"]]
        return {word for line in words for word in line[2:] if not word.startswith("-")}


def stages():
    """The stages in their order; the last one is the image."""
    text = re.sub(r"(?m)^[ \t]*#.*\n", "", FILE.read_text(encoding="utf-8"))
    found = []
    for line in text.replace("\\\n", " ").splitlines():
        if not line.strip():
            continue
        word, _, rest = line.strip().partition(" ")
        check(word in KNOWN, f"this reader of the Dockerfile does not know {word}")
        if word == "FROM":
            base, _, name = rest.partition(" AS ")
            found.append(Stage(base.strip(), name.strip()))
        else:
            found[-1].instructions.append((word, rest.strip()))
    return found


def pairs(text):
    """What one ENV sets."""
    return dict(pair.split("=", 1) for pair in shlex.split(text))


def copy(text):
    """What one COPY says."""
    flags = [word for word in text.split() if word.startswith("--")]
    *sources, place = [word for word in text.split() if not word.startswith("--")]
    check(all(flag.startswith("--from=") for flag in flags), f"this reader of the Dockerfile does not know {flags}")
    return flags[0].removeprefix("--from=") if flags else None, sources, place
