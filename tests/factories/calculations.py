"""What the jobs process does with a plan or a replay that a page asked for, in units of work of its own."""

from jags.allocation.service import claim_calculation, keep_answer, prepare


def work_out(work_on) -> None:
    """Take up what waits, calculate, and keep what came out."""
    with work_on() as work:
        claimed = claim_calculation(work)
    assert claimed is not None, "nothing waits to be worked out"
    with work_on() as work:
        calculate = prepare(work, claimed.id)
    answer = calculate()
    with work_on() as work:
        keep_answer(work, claimed, answer)
