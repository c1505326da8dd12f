"""substituteInPlace FILE... (--replace-fail|--replace-warn|--replace-quiet|--replace OLD NEW | --subst-var-by NAME NEW)..."""

import sys


def main(arguments):
    split = next((index for index, word in enumerate(arguments) if word.startswith("--")), len(arguments))
    files, rest = arguments[:split], arguments[split:]
    rules = []
    while rest:
        flag = rest.pop(0)
        if flag not in ("--replace-fail", "--replace-warn", "--replace-quiet", "--replace", "--subst-var-by") or len(rest) < 2:
            sys.exit(f"substituteInPlace: bad argument {flag}")
        old, new = rest.pop(0), rest.pop(0)
        rules.append((flag, f"@{old}@" if flag == "--subst-var-by" else old, new))
    for path in files:
        with open(path, encoding="utf-8", errors="surrogateescape", newline="") as file:
            text = file.read()
        for flag, old, new in rules:
            if old not in text and flag != "--replace-quiet":
                message = f"substituteInPlace: {path} has no {old!r}"
                if flag == "--replace-fail":
                    sys.exit(message)
                print(message, file=sys.stderr)
            text = text.replace(old, new)
        with open(path, "w", encoding="utf-8", errors="surrogateescape", newline="") as file:
            file.write(text)


main(sys.argv[1:])
