"""Requirements and versions, as far as a build has to check them: PEP 440, PEP 508, PEP 503 names.

An evaluation of its own, so that the stand-in needs nothing but the host's interpreter, and so that it does not share
mistakes with the program under test.
"""

import importlib.metadata
import os
import platform
import re
import sys

VERSION = re.compile(
    r"v?(?:(?P<epoch>\d+)!)?(?P<release>\d+(?:\.\d+)*)"
    r"(?:[-_.]?(?P<pre>alpha|a|beta|b|preview|pre|c|rc)[-_.]?(?P<pre_n>\d*))?"
    r"(?P<post>-(?P<post_bare>\d+)|[-_.]?(?:post|rev|r)[-_.]?(?P<post_n>\d*))?"
    r"(?P<dev>[-_.]?dev[-_.]?(?P<dev_n>\d*))?"
    r"(?:\+(?P<local>[a-z0-9]+(?:[-_.][a-z0-9]+)*))?"
)
PRE_NAMES = {"alpha": "a", "beta": "b", "c": "rc", "pre": "rc", "preview": "rc"}
REQUIREMENT = re.compile(
    r"\s*(?P<name>[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)\s*(?:\[(?P<extras>[^\]]*)\])?\s*"
    r"(?:@\s*(?P<url>\S+)|\(?(?P<specifiers>[^;()]*)\)?)\s*(?:;(?P<marker>.*))?$",
    re.DOTALL,
)
TOKEN = re.compile(r"""\s*(?:(?P<text>'[^']*'|"[^"]*")|(?P<operator>===|==|~=|!=|<=|>=|<|>|[()])|(?P<word>[a-z_.]+))""")


def normalize(name):
    return re.sub(r"[-_.]+", "-", name).lower()


class Version:
    """The parts of a PEP 440 version and a key that sorts it; ValueError for anything else."""

    def __init__(self, text):
        match = VERSION.fullmatch(text.strip().lower())
        if match is None:
            raise ValueError(f"not a version: {text!r}")
        self.epoch = int(match["epoch"] or 0)
        self.release = tuple(int(part) for part in match["release"].split("."))
        self.pre = (PRE_NAMES.get(match["pre"], match["pre"]), int(match["pre_n"] or 0)) if match["pre"] else None
        self.post = int(match["post_bare"] or match["post_n"] or 0) if match["post"] else None
        self.dev = int(match["dev_n"] or 0) if match["dev"] else None
        self.local = tuple(
            (1, int(part), "") if part.isdigit() else (0, 0, part) for part in re.split(r"[-_.]", match["local"] or "") if part
        )

    def public_key(self):
        # A development release of the plain version sorts before its pre-releases, a final release after them.
        pre = ("",) if self.pre is None and self.post is None and self.dev is not None else self.pre or ("z",)
        post = -1 if self.post is None else self.post
        dev = float("inf") if self.dev is None else self.dev
        return (self.epoch, trimmed(self.release), pre, post, dev)

    def key(self):
        return (*self.public_key(), self.local)


def trimmed(release):
    while len(release) > 1 and release[-1] == 0:
        release = release[:-1]
    return release


def specifier_allows(specifier, candidate):
    """Whether one clause such as `>=1.2` allows the Version."""
    operator, bound_text = re.match(r"(===|==|~=|!=|<=|>=|<|>)\s*(.*)$", specifier.strip(), re.DOTALL).groups()
    bound_text = bound_text.strip()
    if operator in ("==", "!=") and bound_text.endswith(".*"):
        return (operator == "==") == has_prefix(candidate, Version(bound_text[:-2]))
    bound = Version(bound_text)
    if operator in ("==", "===", "!="):
        same = candidate.key() == bound.key() if bound.local else candidate.public_key() == bound.public_key()
        return same != (operator == "!=")
    if operator == "~=":
        floor = Version(bound_text)
        floor.release = floor.release[:-1]
        return candidate.public_key() >= bound.public_key() and has_prefix(candidate, floor)
    if operator == "<=":
        return candidate.public_key() <= bound.public_key()
    if operator == ">=":
        return candidate.public_key() >= bound.public_key()
    same_release = (candidate.epoch, trimmed(candidate.release)) == (bound.epoch, trimmed(bound.release))
    if operator == "<":
        excluded = same_release and bound.pre is None and bound.dev is None and (candidate.pre or candidate.dev is not None)
        return candidate.public_key() < bound.public_key() and not excluded
    excluded = same_release and ((bound.post is None and candidate.post is not None) or candidate.local)
    return candidate.key() > bound.key() and not excluded


def has_prefix(candidate, prefix):
    width = len(prefix.release)
    release = (candidate.release + (0,) * width)[:width]
    return candidate.epoch == prefix.epoch and release == prefix.release


class Requirement:
    """A PEP 508 requirement; ValueError for a text that is none."""

    def __init__(self, text):
        match = REQUIREMENT.match(text)
        if match is None:
            raise ValueError(f"not a requirement: {text!r}")
        self.text = text
        self.name = normalize(match["name"])
        self.extras = sorted(normalize(extra) for extra in (match["extras"] or "").split(",") if extra.strip())
        self.specifiers = [clause.strip() for clause in (match["specifiers"] or "").split(",") if clause.strip()]
        self.marker = match["marker"]

    def applies(self, extra=""):
        return self.marker is None or marker_holds(self.marker, extra)

    def allows(self, version_text):
        version = Version(version_text)
        return all(specifier_allows(clause, version) for clause in self.specifiers)


def marker_holds(text, extra=""):
    """Evaluates a marker for the running interpreter, with `extra` as the extra that is asked for."""
    tokens = []
    position = 0
    while position < len(text.rstrip()):
        match = TOKEN.match(text, position)
        if match is None:
            raise ValueError(f"not a marker: {text!r}")
        tokens.append(match[match.lastgroup])
        position = match.end()
    environment = marker_environment(extra)
    value = either(tokens, environment)
    if tokens:
        raise ValueError(f"not a marker: {text!r}")
    return value


def either(tokens, environment):
    value = both(tokens, environment)
    while tokens and tokens[0] == "or":
        tokens.pop(0)
        right = both(tokens, environment)
        value = value or right
    return value


def both(tokens, environment):
    value = comparison(tokens, environment)
    while tokens and tokens[0] == "and":
        tokens.pop(0)
        right = comparison(tokens, environment)
        value = value and right
    return value


def comparison(tokens, environment):
    if tokens[0] == "(":
        tokens.pop(0)
        value = either(tokens, environment)
        tokens.pop(0)
        return value
    left_token, operator = tokens.pop(0), tokens.pop(0)
    if operator == "not":
        operator = "not " + tokens.pop(0)
    right_token = tokens.pop(0)
    left, right = operand(left_token, environment), operand(right_token, environment)
    if "extra" in (left_token, right_token):
        left, right = normalize(left), normalize(right)
    if operator == "in":
        return left in right
    if operator == "not in":
        return left not in right
    try:
        return specifier_allows(operator + right, Version(left))
    except ValueError:
        return {"==": left == right, "!=": left != right, "<": left < right, ">": left > right,
                "<=": left <= right, ">=": left >= right}.get(operator, False)


def operand(token, environment):
    return token[1:-1] if token[0] in "'\"" else environment[token.replace(".", "_")]


def marker_environment(extra):
    implementation = sys.implementation
    version = "{0.major}.{0.minor}.{0.micro}".format(implementation.version)
    return {
        "implementation_name": implementation.name,
        "implementation_version": version,
        "os_name": os.name,
        "platform_machine": platform.machine(),
        "platform_python_implementation": platform.python_implementation(),
        "python_implementation": platform.python_implementation(),
        "platform_release": platform.release(),
        "platform_system": platform.system(),
        "platform_version": platform.version(),
        "python_full_version": platform.python_version(),
        "python_version": ".".join(platform.python_version_tuple()[:2]),
        "sys_platform": sys.platform,
        "extra": extra,
    }


class Environment:
    """The distributions on some folders of sys.path, by their normalised names."""

    def __init__(self, folders):
        self.distributions = {}
        for distribution in importlib.metadata.distributions(path=list(folders)):
            name = distribution.metadata["Name"]
            if name:
                self.distributions.setdefault(normalize(name), distribution)

    def unmet(self, texts, extra="", seen=None):
        """The requirements among `texts` that are not there, as lines; an asked extra is followed into its own."""
        seen = set() if seen is None else seen
        lines = []
        for text in texts:
            requirement = Requirement(text)
            if not requirement.applies(extra):
                continue
            distribution = self.distributions.get(requirement.name)
            if distribution is None:
                lines.append(f"{text.strip()}: not there")
            elif not requirement.allows(distribution.version):
                lines.append(f"{text.strip()}: {distribution.version} is there")
            else:
                for wanted in requirement.extras:
                    if (requirement.name, wanted) not in seen:
                        seen.add((requirement.name, wanted))
                        own = [line for line in distribution.requires or [] if of_extra(line, wanted)]
                        below = self.unmet(own, wanted, seen)
                        lines.extend(f"{text.strip()}, of its extra {wanted}: {line}" for line in below)
        return lines


def of_extra(text, extra):
    requirement = Requirement(text)
    return requirement.applies(extra) and not requirement.applies()
