"""Compares the decisions of stopcast.py with those of `./stopcast replay` on the same runs; fails if any differs.

    check_replay.py PIPELINE MODEL RECORDED SHIPPED COUNT

RECORDED are the runs that trainings left which stopcast.py was to stop; the live decision is where they end. SHIPPED is a
folder of recorded runs, of which COUNT are played to it. Called by `checks/python`.
"""

import csv
import gzip
import json
import math
import pathlib
import random
import subprocess
import sys
import tempfile

import stopcast

PRICE = 0.1
LONGEST = 400
# Replay writes six digits, and Java adds up the score in another order than onnxruntime.
TOLERANCE = 2e-6
ROOT = pathlib.Path(__file__).resolve().parents[2]


def read(path):
    with (gzip.open if path.suffix == ".gz" else open)(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def name(run):
    return run["source"], run["task"], run["run"]


def observe(model, run):
    """The step at which Python stops, None if it does not, and the score there."""
    objective = run["objective"]["name"]
    watch = model.watch(
        objective,
        run["objective"]["goal"],
        run.get("planned"),
        run.get("planned_cost"),
        PRICE,
        run["task"],
        run.get("context"),
        run["run"],
        source=run["source"],
    )
    hidden = set(run.get("labels", ())) - {objective}
    for step in run["steps"]:
        values = {metric: value for metric, value in step["values"].items() if metric not in hidden}
        decision = watch.observe(
            step["step"],
            values.get(objective),
            step["cost"],
            values.get("train_loss"),
            values.get(stopcast._counterpart(objective)),
        )
        if decision:
            return step["step"], decision.probability
    return None, watch.decision.probability


def replay(runs, model):
    """What `./stopcast replay` says of each run, by name."""
    with tempfile.TemporaryDirectory() as folder:
        file = pathlib.Path(folder, "runs.jsonl")
        with open(file, "w", encoding="utf-8") as lines:
            for run in runs:
                # One value more, since replay calls a stop at the last one none.
                last = run["steps"][-1]
                further = {**last, "step": last["step"] + 1, "values": {run["objective"]["name"]: math.nan}}
                lines.write(json.dumps({**run, "steps": [*run["steps"], further]}) + "\n")
        stops = pathlib.Path(folder, "stops.csv")
        command = [ROOT / "stopcast", "replay", "--model", model, "--price", str(PRICE), "--out", stops, file]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        with open(stops, newline="", encoding="utf-8") as rows:
            return {(row["source"], row["task"], row["run"]): row for row in csv.DictReader(rows)}


def main(pipeline, model, recorded, shipped, count):
    asked = stopcast.Model(pipeline)
    trained = read(pathlib.Path(recorded))
    for number, run in enumerate(trained):
        run["run"] += f" {number}"  # a library may have been asked twice
    everything = [run for path in sorted(pathlib.Path(shipped).glob("*.jsonl.gz")) for run in read(path)]
    usable = [run for run in everything if 1 <= len(run["steps"]) <= LONGEST]
    others = random.Random(7).sample(usable, min(int(count), len(usable)))
    differing = 0
    for what, runs in (("recorded by trainings", trained), ("shipped", others)):
        says = replay(runs, model)
        stopped = 0
        largest = 0.0
        for run in runs:
            row = says[name(run)]
            expected = None if row["reason"] == "not stopped" else int(row["stop_step"])
            step, score = observe(asked, run)
            difference = abs(score - float(row["score"])) if expected is not None else 0.0
            live = run["steps"][-1]["step"] if what != "shipped" and run["end"] == "early_stopped" else step
            largest = max(largest, difference)
            stopped += step is not None
            if not step == expected == live or not difference <= TOLERANCE:
                differing += 1
                print(f"{name(run)}: live {live}, Python {step} by {score}, replay {expected} by {row['score']}")
        print(f"{len(runs)} runs {what}: Python stops {stopped} where replay does; scores differ by up to {largest:.1e}")
    if differing:
        sys.exit(f"FAILED: {differing} runs differ")


if __name__ == "__main__":
    main(*sys.argv[1:])
