"""What schemathesis does besides: carries the form's token as a page would, and now and then names things that are there."""

import os
import random

import schemathesis

TOKEN = os.environ.get("TORTURE_FORM_TOKEN", "")
THINGS = [thing for thing in os.environ.get("TORTURE_THINGS", "").split(",") if thing]


@schemathesis.hook
def before_call(context, case, kwargs):
    kwargs["allow_redirects"] = False
    if TOKEN and isinstance(case.body, dict) and random.random() < 0.9:
        case.body["form-token"] = TOKEN
    if THINGS and case.path_parameters and random.random() < 0.6:
        for name in case.path_parameters:
            case.path_parameters[name] = random.choice(THINGS)
