import time

import one_thing
import pytest

#: What is promised of ten megabytes, at this part of the size; the machine may be busy.
SCALE = 0.03
SECONDS, FEATURES, BUSY = 10, 500_000, 8


@pytest.mark.parametrize("name", one_thing.MAKERS)
def test_no_file_takes_longer_than_ten_seconds_for_ten_megabytes(read_text, name):
    size = int(SCALE * 10e6)
    content = one_thing.files([name], size)[name]
    assert len(content) > size / 2
    before = time.process_time()
    read_text(content, features=int(SCALE * FEATURES))
    assert time.process_time() - before < SCALE * SECONDS * BUSY


def test_of_a_list_of_which_all_is_wrong_the_first_rows_are_told(read_text):
    reading = read_text(one_thing.files(["unknown partners"], 100_000)["unknown partners"])
    assert reading.fault_count == 1_001
    assert reading.faults[-1].message == (
        "with has 24000 more rows, which were not looked at; see to the first ones"
    )


def test_of_many_repeated_keys_the_first_are_told_and_the_others_counted(read_text):
    keys = ", ".join(['"x": 1'] * 5_000)
    reading = read_text(f'{{"type": "Feature", "properties": {{{keys}}}, "geometry": null}}')
    assert "the key 'x' comes twice (and 900 more" in str(reading.faults[0])
    said = [fault.message for fault in reading.faults]
    assert "and 3999 more keys that come twice or numbers that are not JSON" in said
