"""A random audit: what the broker's workbook says of a field beside what the generated crate says.

Reads the workbook and the generated sources by itself and shares no code with `spec` or `codegen`, so a mistake of
theirs is not a mistake here. It judges nothing: whoever reads the lines does.

    pip install openpyxl
    python3 .ci/audit.py WORKBOOK --seed 7 [--draw 150 60 40] [--seen FILE]

The three numbers are response fields, request fields and FIDs. With `--seen`, fields of earlier draws are left out and
those of this one are added. Ends with 1 where a drawn field has no counterpart in the crate: then this script no longer
reads the sources. With `--check`, all fields are drawn; printed are those without a counterpart, and those whose stated
unit the crate contradicts although no row of `spec` is about them.
"""

import argparse
import json
import pathlib
import random
import re
import sys

import openpyxl

GENERATED = pathlib.Path(__file__).parent.parent / "kiwoom-api/src/generated"
ENVELOPE = {"return_code", "return_msg", "trnm"}
# Written by hand in the crate, for all topics at once: what registers a topic and what wraps a push.
WRAPPING = {"request/grp_no", "request/refresh", "request/data/item", "request/data/type", "response/data/type",
            "response/data/name", "response/data/item", "F4/response/data/stexTp", "ka10173/response/trnm/type",
            "ka10173/response/trnm/name"}


# What a document calls a unit, and what the docs of the crate may call it; the first that fits counts.
UNITS = [
    ("백만원|백만$", "million won"), ("억", "hundred million won"), ("천만", "ten million won"), ("만원", "ten thousand won"),
    ("천원", "thousand won"), ("1000주|천주|^천$", "thousand (shares|grams)"), ("천USD", "thousand USD"), ("USD", "USD|foreign currency"),
    ("지수", "index points"), ("종목수", "issues"), ("1주", "(?<!thousand )(shares|grams)"), ("%", "[Pp]ercent|Ratio in percent"),
    ("원", "(?<!million )(?<!thousand )won|index points|of the price"), ("외", "foreign currency"),
]


def stated(field):
    """The units that the cell and the label state, as patterns of the crate's words."""
    said = re.findall(r"단위\s*:\s*([^\n,]+)", field["says"]) + re.findall(r"\(((?:백만|천|억|원|외|USD|%))\)\s*$", field["label"])
    return [next((ours for theirs, ours in UNITS if re.search(theirs, unit)), None) for unit in said]


def settled(api, key, label, tables=[]):
    """Whether a row of `spec` is about this field: an erratum, a note, a reason, or a label with a unit of its own."""
    if not tables:
        for path in ("errata.toml", "names/notes.toml", "names/labels.toml", "reasons.toml"):
            tables += (GENERATED.parents[2] / "spec" / path).read_text(encoding="utf-8").split("\n\n")
    ours = [row for row in tables if f'"{api}' in row and re.search(rf'[".]{re.escape(key)}"', row)]
    return bool(ours) or any(f'"{"".join(label.split())}"' in row and "\nunit" in row and "\nrole" in row for row in tables)


def scan(text):
    """The values of an example as (keys above, key, value): tokens only, so broken JSON is read as well."""
    tokens = re.findall(r'"(?:\\.|[^"\\])*"|\'(?:\\.|[^\'\\])*\'|//[^\n]*|[{}\[\]:,]|[^\s{}\[\]:,"\']+', text)
    out, above, key = [], [], None
    for at, token in enumerate(tokens):
        following = tokens[at + 1] if at + 1 < len(tokens) else ""
        if token in "{[":
            above.append(key)
            key = None
        elif token in "}]":
            above = above[:-1]
            key = None
        elif token == ",":
            key = None
        elif token == ":" or token.startswith("//"):
            continue
        elif following == ":" and key is None:
            key = token.strip("\"'")
        else:
            out.append(([k for k in above if k], key, token.strip("\"'")))
    return out


def sheet(rows):
    """One API: its id, its fields with their cells, its examples."""
    api, fields, examples, part, mode, above = "", [], {"request": "", "response": ""}, "", "", []
    for row in rows:
        cells = [str(c).strip() if c is not None else "" for c in row[:7]] + [""] * 7
        first = cells[0]
        if first == "API ID":
            api = cells[2]
        elif first in ("Request", "Response"):
            mode, part, above = first.lower(), "", []
        elif first in ("Request Example", "Response Example"):
            mode = "example " + first.split()[0].lower()
        elif mode.startswith("example"):
            examples[mode.split()[1]] += "\n".join(c for c in cells if c) + "\n"
        elif mode and first != "구분":
            part = first if first in ("Header", "Body") else part
            marks, key = re.match(r"([\s-]*)(.*)", cells[1]).groups()
            if not key or part != "Body":
                continue
            above = above[: marks.count("-")]
            fields.append(dict(side=mode, key=key, above=list(above), label=cells[2], type=cells[3], required=cells[4],
                               length=cells[5], says=cells[6]))
            above.append(key)
    values = {side: scan(text) for side, text in examples.items()}
    for field in fields:
        found = [(up, v) for up, k, v in values[field["side"]] if k == field["key"]]
        inside = [v for up, v in found if not field["above"] or field["above"][-1] in up]
        field["values"] = list(dict.fromkeys(inside or [v for _, v in found]))
        field["container"] = any(f["above"][-1:] == [field["key"]] for f in fields if f["side"] == field["side"])
    return api, fields


def generated():
    """By API and key: side, kind of place, type and docs, as the sources have them."""
    out = {}
    for path in GENERATED.rglob("*.rs"):
        text = path.read_text(encoding="utf-8")
        found = re.search(r'\n\s+id: "([^"]+)",\n\s+name: "([^"]+)"', text)
        if not found:
            continue
        api, name = found.groups()
        types, docs, owner = {}, [], ""
        for line in map(str.strip, text.split("\n")):
            if line.startswith("///"):
                docs.append(line[3:].strip())
                continue
            if match := re.match(r"pub struct (\w+)", line):
                owner = match[1]
            elif match := re.match(r"pub (?:r#)?(\w+): (.*),$", line):
                types[owner, match[1]] = (match[2], docs)
            elif match := re.match(r"pub fn (?:r#)?(\w+)\(mut self, (?:r#)?\w+: (.*?)\) -> Self", line):
                types["setter", match[1]] = (match[2], docs)
            docs = docs if line.startswith("#") else []
        asks = f"{name}Reply" in text
        items = set(re.findall(r"Vec<(\w+)>", " ".join(t for (o, _), (t, _) in types.items() if o == name)))
        for record, body in re.findall(r"impl Record for (\w+) \{(.*?)\n\}\n", text, re.S):
            keys = re.findall(r'"\\"(.*?)\\":"', re.search(r"fn keys.*?\n    \}", body, re.S)[0])
            places = body[body.find("fn slot") :].split("\n    fn ")[0]
            slots = re.findall(r"Slot::(\w+)\(\s*(?:&mut self\.(?:r#)?([\w.\[\]]+))?,?\s*([^;]*?)\s*\)(?=[,\n])", places)
            request = asks and (record == name or record in items)
            for key, (kind, place, rest) in zip(keys, slots):
                head = re.split(r"[.\[]", place)[0]
                kind_of, lines = types.get((record, head), ("", []))
                if request and ("setter", head) in types:
                    lines = types["setter", head][1]
                inner = re.sub(r"\[\d+\]", "", place[len(head) :]).lstrip(".")
                lines = [d for d in lines if f"`{inner}`" in d and d.startswith("*")] or lines if inner else lines
                side = "request" if request else "response"
                out.setdefault((api, key, side), []).append(f"{kind_of} {kind} {rest} | {' / '.join(filter(None, lines))}")
    return out


def main():
    args = argparse.ArgumentParser(description="Prints a random draw of fields.")
    args.add_argument("workbook")
    args.add_argument("--seed", type=int, default=0)
    args.add_argument("--check", action="store_true")
    args.add_argument("--draw", type=int, nargs=3, default=[150, 60, 40])
    args.add_argument("--seen", type=pathlib.Path)
    args = args.parse_args()
    seen = json.loads(args.seen.read_text()) if args.seen and args.seen.exists() else []
    pools = {"response fields": [], "request fields": [], "FIDs": []}
    for page in openpyxl.load_workbook(args.workbook):
        api, fields = sheet(page.iter_rows(values_only=True))
        for field in fields:
            way = "/".join([field["side"], *field["above"], field["key"]])
            place = f"{api}/{way}"
            if not api or field["container"] or {*field["above"], field["key"]} & ENVELOPE or place in seen:
                continue
            if {way, place} & WRAPPING or not field["key"].isascii():
                continue
            answer = "FIDs" if field["key"].isdigit() else "response fields"
            pools["request fields" if field["side"] == "request" else answer].append((place, api, field))
    ours, chance = generated(), random.Random(args.seed)
    absent = [row for rows in pools.values() for row in rows if (row[1], row[2]["key"], row[2]["side"]) not in ours]
    if args.check:
        fields = [row for rows in pools.values() for row in rows]
        print(f"{len(fields)} fields, {len(absent)} of them without a counterpart", *(a[0] for a in absent), sep="\n  ")
        with_unit = [(row, unit) for row in fields for unit in stated(row[2]) if unit]
        other = []
        for (place, api, field), unit in with_unit:
            lines = " ".join(ours.get((api, field["key"], field["side"]), []))
            if not re.search(unit, lines) and "chosen in the request" not in lines and not settled(api, field["key"], field["label"]):
                other.append(f"{place}: {field['label']}, {field['says'][:40]!r} | {lines[:120]}")
        print(f"{len(with_unit)} units are stated, {len(other)} of them contradicted without a row in spec", *other, sep="\n  ")
        sys.exit(bool(absent or other) or not all(pools.values()) or len(with_unit) < 2000)
    lost = False
    for (name, pool), number in zip(pools.items(), args.draw):
        print(f"## {number} of {len(pool)} {name}, seed {args.seed}")
        for place, api, field in sorted(chance.sample(pool, min(number, len(pool))), key=lambda row: row[0]):
            shape = f"{field['type'] or '-'} {field['length']} {field['required']}"
            print(f"{place} | {field['label']} | {shape} | {field['says']!r} | {' ; '.join(field['values'][:6])}")
            lines = ours.get((api, field["key"], field["side"]), [])
            lost |= not lines
            for line in dict.fromkeys(lines or ["nothing of ours"]):
                print(f"    {line}")
            seen.append(place)
    if args.seen:
        args.seen.write_text(json.dumps(sorted(set(seen)), ensure_ascii=False))
    sys.exit(lost)


if __name__ == "__main__":
    main()
