"""Reads a JSON list of lines of shell, and prints what the parser of the AWS command line and AWS's own models object to in each
call of `aws` in them: a list of pairs, the call and the objection or null.

Nothing is sent: where a request would be made, its parameters are validated and that is all.
"""

import contextlib
import functools
import io
import json
import shlex
import sys

import awscli.clidriver
from awscli.customizations.waiters import WaiterCaller
from botocore.validate import validate_parameters


def validate(self, service_name, operation_name, parameters, parsed_globals):
    operation = self._session.get_service_model(service_name).operation_model(operation_name)
    shape = operation.input_shape
    if shape is not None:
        # What the SDK itself takes out, and puts in.
        given = {name: value for name, value in parameters.items() if name != "PaginationConfig"}
        tokens = {name: "t" * 36 for name in operation.idempotent_members}
        validate_parameters({**tokens, **given}, shape)
    return 0


WaiterCaller.invoke = lambda self, *_: 0


def calls(line):
    """The arguments of each `aws` in a line: where a command may stand, up to what ends one."""
    lexer = shlex.shlex(line, posix=True, punctuation_chars=True)
    lexer.whitespace_split = True
    found, current, before = [], None, ";"
    for token in lexer:
        ends = set(token) <= set("();<>|&")
        if ends:
            current = None
        elif current is not None:
            current.append(token)
        elif token == "aws" and (set(before) <= set("();|&") or before in ("do", "while", "then")):
            current = []
            found.append(current)
        before = token
    return found


def content(arguments, at):
    """An argument; for one of the reader's own files, which are not here, what could stand in it."""
    if not arguments[at].startswith("file://"):
        return arguments[at]
    return "{}" if arguments[at - 1] == "--cli-input-json" else json.dumps({"file": "x" * 100})


shared = awscli.clidriver.create_clidriver()


@functools.cache
def objection(arguments):
    # A file may hold whatever is required.
    skips = "--cli-input-json" in arguments
    awscli.clidriver.CLIOperationCaller.invoke = (lambda *_: 0) if skips else validate
    given = [content(arguments, at) for at in range(len(arguments))]
    # What the command line adds to one operation stays there for the next, so who objects is asked again afresh.
    return said(shared, given) and said(awscli.clidriver.create_clidriver(), given)


def said(driver, arguments):
    error = io.StringIO()
    with contextlib.redirect_stderr(error), contextlib.redirect_stdout(io.StringIO()):
        try:
            code = driver.main(arguments)
        except SystemExit as exit:
            code = exit.code
    return None if code == 0 else f"exit {code}: {error.getvalue().strip()[-400:]}"


print(json.dumps([[" ".join(call), objection(tuple(call))] for line in json.load(sys.stdin) for call in calls(line)]))
