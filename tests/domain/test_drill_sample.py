"""A drill draws dossiers, each once, however often they were revised."""

from uuid import UUID, uuid4

from cli.drill.drilling import Sample


def test_a_dossier_of_many_packages_is_drawn_as_one_and_with_all_of_them() -> None:
    often, once = uuid4(), uuid4()
    dossiers: dict[str, UUID] = {f"F/a{number}.manifest.json": often for number in range(9)}
    dossiers["F/b.manifest.json"] = once
    keys = [*dossiers, "F/c.manifest.json"]  # nobody knows whose the last is
    drawn = [Sample(1, seed).choose(keys, dossiers) for seed in range(300)]
    for sample in drawn:
        assert sample in (sorted(dossiers)[:9], ["F/b.manifest.json"], ["F/c.manifest.json"])
    assert 60 < sum(len(sample) == 9 for sample in drawn) < 140, "one in three"
    assert Sample(10, 1).choose(keys, dossiers) == sorted(keys)
    assert Sample(2, 7).choose(list(reversed(keys)), dossiers) == Sample(2, 7).choose(keys, dossiers)
