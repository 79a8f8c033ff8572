"""Writes blind-combination.json: docs/protocol.md, "Blind combination of flags", done a second time with nothing but
Python's standard library, so that the vectors do not merely repeat what the package does.

    python3 make.py > blind-combination.json
"""

import base64
import hashlib
import hmac
import json

L = 2**252 + 27742317777372353535851937790883648493
P = 2**255 - 19


def x25519(k: bytes, u: bytes) -> bytes:
    """RFC 7748 section 5, the ladder as printed there."""
    n = int.from_bytes(k, "little") & ~7 & ~(128 << 248) | (64 << 248)
    x1 = int.from_bytes(u, "little") & ~(1 << 255)
    x2, z2, x3, z3, swap = 1, 0, x1, 1, 0
    for t in reversed(range(255)):
        bit = (n >> t) & 1
        if swap ^ bit:
            x2, x3, z2, z3 = x3, x2, z3, z2
        swap = bit
        a, b, c, d = x2 + z2, x2 - z2, x3 + z3, x3 - z3
        aa, bb, da, cb = a * a, b * b, d * a, c * b
        e = aa - bb
        x3, z3 = (da + cb) ** 2 % P, x1 * (da - cb) ** 2 % P
        x2, z2 = aa * bb % P, e * (aa + 121665 * e) % P
    if swap:
        x2, z2 = x3, z3
    return (x2 * pow(z2, P - 2, P) % P).to_bytes(32, "little")


def hkdf(secret: bytes, salt: bytes, parts: list[bytes]) -> int:
    """RFC 5869 with SHA-512, 64 bytes, as a little-endian number; info is each part after its length in 4 bytes."""
    info = b"".join(len(part).to_bytes(4, "big") + part for part in parts)
    key = hmac.digest(salt, secret, "sha512")
    return int.from_bytes(hmac.digest(key, info + b"\x01", "sha512"), "little")


def secret_of(name: str) -> bytes:
    return hashlib.sha256(b"mask key of " + name.encode()).digest()


def masks(case: dict, secrets: dict) -> list[dict]:
    order = sorted(case["keyIds"], key=str.encode)
    salt = bytes.fromhex(case["queryId"])
    agreement = base64.urlsafe_b64decode(case["agreementHash"] + "=")
    fields = case["commonFields"].encode()
    base = (9).to_bytes(32, "little")
    answers = []
    for i in order:
        totals = {}
        for kind in ("flag", "check"):
            totals[kind] = 0
            for j in order:
                if i == j:
                    continue
                low, high = (i, j) if i.encode() < j.encode() else (j, i)
                ids = [low, high, case["keyIds"][low], case["keyIds"][high]]
                parts = [f"anonymesh/blind/{kind}/v1".encode(), agreement, *map(str.encode, ids), fields]
                z = hkdf(x25519(secrets[i], x25519(secrets[j], base)), salt, parts)
                totals[kind] += z if i == low else -z
        all_ids = [word for holder in order for word in (holder, case["keyIds"][holder])]
        own = [b"anonymesh/blind/weight/v1", agreement, i.encode(), *map(str.encode, all_ids), fields]
        counted = isinstance(case["combination"], dict)
        weight = 1 if counted else 1 + hkdf(secrets[i], salt, own) % (L - 1)
        bit = case["flags"][i] != (case["combination"] == "all")
        answers.append(
            {
                "holder": i,
                "masked": ((totals["flag"] + bit * weight) % L).to_bytes(32, "little").hex(),
                "check": (totals["check"] % L).to_bytes(32, "little").hex(),
            }
        )
    return answers


def main() -> None:
    # The last two ids are in one order by UTF-8 bytes and in the other by UTF-16 units.
    names = ["hmrc", "dwp", "council-\uff5e", "council-\U0001f3db"]
    secrets = {name: secret_of(name) for name in names}
    cases = []
    for number, (combination, holders, concerned, outcome) in enumerate(
        [
            ("any", names[:2], [], "clear"),
            ("any", names, ["dwp"], "concern"),
            ("all", names[:3], names[:3], "concern"),
            ("all", names[:3], ["hmrc", "dwp"], "clear"),
            ({"atLeast": 2}, names, ["hmrc", names[3]], "concern"),
            ({"atLeast": 3}, names, ["hmrc", names[3]], "clear"),
        ]
    ):
        hashed = hashlib.sha256(f"agreement {number}".encode()).digest()
        case = {
            "combination": combination,
            "queryId": hashlib.sha256(f"query {number}".encode()).hexdigest()[:32],
            "agreementHash": base64.urlsafe_b64encode(hashed).decode().rstrip("="),
            "commonFields": '{"niNumber":"QQ123456C"}',
            "keyIds": {name: f"mask-{place}" for place, name in enumerate(holders)},
            "flags": {name: name in concerned for name in holders},
        }
        case["answers"] = masks(case, secrets)
        cases.append({**case, "outcome": outcome})
    keys = {name: secret.hex() for name, secret in secrets.items()}
    print(json.dumps({"maskSecrets": keys, "cases": cases}, indent=2, ensure_ascii=False))


if __name__ == "__main__":
    # RFC 7748 section 5.2, first vector.
    k = bytes.fromhex("a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4")
    u = bytes.fromhex("e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c")
    assert x25519(k, u).hex() == "c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552"
    main()
