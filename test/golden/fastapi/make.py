"""What FastAPI says to each of these inputs, as the originals' servers do; how to run it stands in README.md."""

import enum
import json
import sys
import uuid
from importlib.metadata import version
from typing import Any, Literal, Optional, Union

from fastapi import FastAPI, Form, Query
from fastapi.testclient import TestClient
from pydantic import BaseModel, Field, create_model


class Status(str, enum.Enum):
    PENDING = "PENDING"
    RUNNING = "RUNNING"


KINDS = {
    "number": (float, ...),
    "integer": (int, ...),
    "flag": (bool, ...),
    "text": (str, ...),
    "numberOrList": (Union[float, list[float]], ...),
    "textOrList": (Union[str, list[str]], ...),
    "numberWithin": (float, Field(ge=0.5, le=9.5, allow_inf_nan=False)),
    "numberBetween": (float, Field(gt=0, lt=10)),
    "integerWithin": (int, Field(ge=1, le=9)),
    "textWithin": (str, Field(min_length=2, max_length=5, pattern="^[a-z]*$")),
    "listWithin": (list[float], Field(min_length=1, max_length=3)),
    "object": (dict[str, Any], ...),
    "nullable": (Optional[float], ...),
    "word": (Literal["a", "b", "c"], ...),
    "enumeration": (Status, ...),
    "uuid": (uuid.UUID, ...),
}

SCALARS = r"""
"5."|"yes"|1e400|"abc"|{}|null|true|false|[]|5|5.0|5.5|-0.0|0|1|2|-1|1.0|1e30|"5"|"5.0"|"5.5"|" 5 "|"\t5\n"|"1_000"|"1__0"
"_1"|"1_"|"1e2"|"1E+5"|"1e"|"inf"|"-Infinity"|"nan"|"1e400"|"+5"|"-5"|".5"|"."|"+"|"0x10"|""|" "|"True"|"oN"|"t"|"Off"|"F"
" true "|"1"|"0"|"2"|"-0"|"00005"|"1.000"|"1.0.0"
"""
SCALARS = SCALARS.strip().replace("\n", "|").split("|")

INPUTS = {
    **{kind: SCALARS for kind in ["number", "integer", "flag", "text"]},
    "numberOrList": ['"5."', '"abc"', "{}", "true", '[1,"x"]', '["1",true]', "[]", "[[1]]", "[null]", "1e400"],
    "textOrList": ['"a"', "5", '["a",5]', "{}", "null", "[]", "[[]]"],
    "numberWithin": ["0", "10", '"0.1"', "5", '"inf"', "null"],
    "numberBetween": ["0", "10", "5"],
    "integerWithin": ["0", "10", '"0"', "1.5", '"x"', "5", "null"],
    "textWithin": ['"a"', '"abcdef"', '"AB"', '"abc"', "5", '"😀"', "null"],
    "listWithin": ["[]", "[1,2,3,4]", '[1,"x",null]', "5", '"x"', "{}", "null", "[1]"],
    "object": ["{}", '{"a":[1]}', "[]", "null", '"x"', "5"],
    "nullable": ["null", "5", '"x"'],
    "word": ['"a"', '"x"', "5", "null", '"A"'],
    "enumeration": ['"PENDING"', '"pending"', "5", "null"],
    "uuid": [
        '"00000000-0000-0000-0000-00000000000a"',
        '"0000000000000000000000000000000A"',
        '"{00000000-0000-0000-0000-000000000000}"',
        '"urn:uuid:00000000-0000-0000-0000-000000000000"',
        '"x"',
        '""',
        "5",
        "null",
        '"0000000g-0000-0000-0000-000000000000"',
        '"00000000-0000-0000-0000-00000000000"',
        '"00000000-0000"',
    ],
}

BROKEN = [
    "{bad}", "{", "   ", "[1,", '{"a":}', '{"a" 1}', '{"a":1,}', '{"a":1}x', "nul", '{"a":"x', '{"a":"\\x"}', '{"a":1 "b"}',
    "[1 2]", '{"a":01}', '"\t"', '{"a":tru}', "{'a':1}", '{"é":}', '{"😀":}', '\n{\n"a":\n}', "[1,]", "-", '{"a":1.}',
    '{"a":+1}', "{,}", '{"a":1e}', '{"a":"\\u12"}', '{"a"', '{"a":', '{"a":1', "[", '{"a":1,', "1 1", '{"a":"\\', "}", "[}",
]  # fmt: skip

BODIES = ["[]", '"x"', "7", "null", "true", "", "{}", '{"a":1}', '{"n":1}', '{"a":"x","n":"y","z":1}']
QUERIES = ["", "n=", "n=abc", "n=5.0", "n=5.", "n=true", "n=1&n=2", "n=1&limit=0", "n=1&on=yes", "n=1&on=", "n=1&zz=1"]
FORMS = ["username=a&password=b", "username=a", "", "username=&password=b", "username=a&password=b&password=c", "garbage"]

app = FastAPI()
client = TestClient(app, raise_server_exceptions=False)
for kind, member in KINDS.items():
    # Every model has its own name, which FastAPI asks for.
    def answer(body: create_model(kind, member=member)):
        return body.member

    app.post(f"/{kind}")(answer)


class Model(BaseModel):
    a: str
    n: int


@app.post("/model")
def model(body: Model):
    return body


@app.post("/dictionary")
def dictionary(body: dict[str, Any]):
    return body


@app.get("/query")
def query(n: int, limit: int = Query(5, ge=1, le=9), on: bool = True):
    return {"n": n, "limit": limit, "on": on}


@app.get("/path/{n}")
def path(n: int):
    return {"n": n}


@app.post("/form")
def form(username: str = Form(), password: str = Form()):
    return {"username": username, "password": password}


def said(answer):
    """What came of an input: a value, faults, or a failure of the server."""
    if answer.status_code == 200:
        return {"value": answer.json()}
    if answer.status_code != 422:
        return {"failed": answer.status_code}
    return {"faults": [{k: v for k, v in fault.items() if k != "url"} for fault in answer.json()["detail"]]}


def post(url, text, content_type="application/json"):
    return said(client.post(url, content=text.encode(), headers={"content-type": content_type}))


FORM = "application/x-www-form-urlencoded"
golden = {
    "madeWith": {name: version(name) for name in ["fastapi", "pydantic"]},
    "values": {
        kind: [{"input": text, **post(f"/{kind}", f'{{"member":{text}}}')} for text in texts]
        for kind, texts in INPUTS.items()
    },
    "syntax": [{"input": text, **post("/model", text)} for text in BROKEN],
    "models": [{"input": text, **post("/model", text)} for text in BODIES],
    "dictionaries": [{"input": text, **post("/dictionary", text)} for text in ["[]", "null", "7", "{}"]],
    "queries": [{"input": text, **said(client.get(f"/query?{text}"))} for text in QUERIES],
    "paths": [{"input": text, **said(client.get(f"/path/{text}"))} for text in ["abc", "5.0", "%20"]],
    "forms": [{"input": text, **post("/form", text, FORM)} for text in FORMS],
}
# One line for each input, so that a change of one shows as one.
parts = []
for name, part in golden.items():
    if name == "values":
        kinds = [f'"{kind}": [\n' + ",\n".join(json.dumps(one) for one in ones) + "\n]" for kind, ones in part.items()]
        parts.append('"values": {\n' + ",\n".join(kinds) + "\n}")
    elif isinstance(part, list):
        parts.append(f'"{name}": [\n' + ",\n".join(json.dumps(one) for one in part) + "\n]")
    else:
        parts.append(f'"{name}": {json.dumps(part)}')
sys.stdout.write("{\n" + ",\n".join(parts) + "\n}\n")
