import pytest

from tests.library import adversarial
from tests.library.adversarial import Case

PRECISION, RECALL = 0.995, 0.95


def judged(name, folder) -> dict[str, list[Case]]:
    found: dict[str, list[Case]] = {"right": [], "wrong": [], "asked": [], "missed": []}
    for number, case in enumerate(adversarial.cases(name)):
        told = adversarial.tellings(case, folder / str(number))
        said = adversarial.outcome(adversarial.verdict(told, case), case)
        if said == case.expected:
            found["asked" if said == "?" else "right"].append(case)
        else:
            found["missed" if said == "?" else "wrong"].append(case)
    return found


@pytest.mark.slow
@pytest.mark.parametrize("name", ["built", "later", "held_out"])
def test_files_are_identified_as_surely_as_promised(name, tmp_path):
    found = judged(name, tmp_path)
    answered = len(found["right"]) + len(found["wrong"])
    knowable = sum(case.expected != "?" for case in adversarial.cases(name))
    wrong = [case.paths[0] for case in found["wrong"]]
    assert len(found["right"]) >= PRECISION * answered, wrong
    assert len(found["right"]) >= RECALL * knowable, [one.paths[0] for one in found["missed"]]


def test_the_set_is_as_large_as_it_claims_and_no_file_is_in_two_parts():
    built, held_out = adversarial.cases("built"), adversarial.cases("held_out")
    assert min(len(built), len(held_out)) >= 200
    later = adversarial.cases("later")
    assert len(later) >= 150
    assert not {case.paths for case in (*built, *later)} & {case.paths for case in held_out}
    assert not {case.paths for case in built} & {case.paths for case in later}
    assert {case.of for case in built} == {case.of for case in held_out}


@pytest.mark.parametrize("number", range(0, 250, 25))
@pytest.mark.parametrize("name", ["built", "later"])
def test_a_file_of_each_kind_is_identified(name, number, tmp_path):
    case = adversarial.cases(name)[number]
    told = adversarial.tellings(case, tmp_path)
    assert adversarial.outcome(adversarial.verdict(told, case), case) == case.expected
