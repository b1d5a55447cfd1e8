#!/usr/bin/env python3
"""Checks the draws of an exported draws.json as docs/draws.md describes them; needs nothing but Python 3.8."""

import hashlib
import json
import sys

FORMAT = "viva draw 1"


def hashed(purpose, *parts):
    parts = [f"{FORMAT} {purpose}".encode(), *parts]
    return hashlib.sha256(b"".join(len(part).to_bytes(4, "big") + part for part in parts)).digest()


def numbers(key):
    counter = 0
    while True:
        yield int.from_bytes(hashed("block", key, counter.to_bytes(8, "big"))[:8], "big")
        counter += 1


def shuffle(items, stream):
    for last in range(len(items) - 1, 0, -1):
        bound = last + 1
        place = next(number for number in stream if number < 2**64 // bound * bound) % bound
        items[last], items[place] = items[place], items[last]


def verdict(interview, draw):
    entries, lots = draw["entries"], draw["lots"]
    texts = [interview, str(draw["number"]), draw["kind"], str(len(entries)), *entries, *lots]
    shown = bytes.fromhex(draw["list"])
    ordered = entries == sorted(set(entries)) and lots and len(set(lots)) == len(lots)
    whole = ordered and hashed("list", *map(str.encode, texts)) == shown
    if not whole and not draw["erased"]:
        return "WRONG: the list is not the one of its hash"
    if draw["seed"] is None:
        return "WRONG: drawn without a seed" if draw["state"] == "drawn" else f"unchecked: {draw['state']}, no seed"
    seed = bytes.fromhex(draw["seed"])
    if hashed("commitment", shown, seed).hex() != draw["commitment"]:
        return "WRONG: the seed is not the one of the commitment"
    if draw["state"] == "given_up":
        return "given up; the seed fits the commitment"
    stream = numbers(hashed("key", shown, seed, (draw["words"] or "").encode()))
    shuffle(lots, stream)
    drawn = [lots[place % len(lots)] for place in range(len(entries))]
    shuffle(drawn, stream)
    if drawn != draw["outcome"]:
        return "WRONG: the outcome is not the one of the seed"
    return "right" if whole else "right, but somebody on the list was erased: compare its hash with your notes"


export = json.load(open(sys.argv[1], encoding="utf-8"))
if export["format"] != FORMAT:
    sys.exit(f"this is no file of {FORMAT}")
verdicts = [(draw["number"], verdict(export["interview"], draw)) for draw in export["draws"]]
for number, found in verdicts:
    print(f"draw {number}: {found}")
sys.exit(any(found.startswith("WRONG") for _, found in verdicts))
