"""Who may open which page of the programmes: all who read, not the administrator."""

SEEN = {
    "anonymous": "login",
    "officer_own": 200,
    "officer_other": 200,  # the programme is the same for every area
    "specialist": 200,
    "head": 200,
    "form_checker": 200,
    "leader": 200,
    "clerk": 200,
    "administrator": 404,
    "auditor": 200,
}


def the_programme(cast):
    kwargs = {"code": "1719"}
    return kwargs, kwargs


def a_component(cast):
    kwargs = {"programme": "1719", "code": "DA9.TDA1"}
    return kwargs, kwargs


ROWS = [
    ("programs:programme_list", None, "get", SEEN),
    ("programs:component_list", None, "get", SEEN),
    ("programs:target_list", None, "get", SEEN),
    ("programs:capital_list", None, "get", SEEN),
    ("programs:form_list", None, "get", SEEN),
    ("programs:programme_detail", the_programme, "get", SEEN),
    ("programs:component_detail", a_component, "get", SEEN),
]
