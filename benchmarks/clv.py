#!/usr/bin/env python3
"""Fit and predict purchases of many customers: the addon's engine against the library ``lifetimes``.

    ./dev bench clv [--customers N] [--repeat N]

Both get the same arrays and fit the same model (MBG/NBD) on one processor core, each in a process
of its own; ``lifetimes`` comes from ``lifetimes.lock`` into an environment in the cache folder.
Needs numpy and scipy.
"""

import argparse
import importlib.util
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from _environment import python_of

ROOT = Path(__file__).resolve().parent.parent
SIZES = (2_357, 23_570, 100_000, 1_000_000)
HORIZON = 52.0
PARAMS = {"r": 0.6, "alpha": 8.0, "a": 0.8, "b": 1.5}
ONE_CORE = {f"{name}_NUM_THREADS": "1" for name in ("OMP", "OPENBLAS", "MKL")}
# The optimum is flat: parameters may differ, likelihoods may not, by more than this.
EQUAL = 0.01


def main():
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description="Speed of fit and prediction against lifetimes.")
    parser.add_argument("--customers", type=int, action="append", help="how many; may be given several times")
    parser.add_argument("--repeat", type=int, default=5, help="repetitions, of which the median counts")
    parser.add_argument("--measure", nargs=2, metavar=("LIBRARY", "FILE"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.measure:
        print(json.dumps(measure(*options.measure, options.repeat)))
        return 0
    pythons = {"engine": sys.executable, "lifetimes": python_of("lifetimes")}
    print(f"{'customers':>10} {'distinct':>9}  {'library':<10} {'fit s':>8} {'predict s':>10} {'total s':>8} {'MB':>6}"
          f" {'log-likelihood':>16} {'times faster':>13}")
    equal = True
    for customers in options.customers or SIZES:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "customers.npz"
            x, t_x, T = simulate(customers)
            np.savez(path, x=x, t_x=t_x, T=T)
            results = {
                library: json.loads(subprocess.run(
                    [python, __file__, "--measure", library, path, "--repeat", str(options.repeat)],
                    env={**os.environ, **ONE_CORE}, check=True, stdout=subprocess.PIPE,
                ).stdout)
                for library, python in pythons.items()
            }
        known = engine().likelihood.PurchaseLikelihood(x, t_x, T, np.ones(customers), False)
        distinct = len(engine().numeric.distinct(x, t_x, T)[0])
        reached = {library: known(result["params"], 1)[0] for library, result in results.items()}
        totals = {library: result["fit"] + result["predict"] for library, result in results.items()}
        for library, result in results.items():
            print(f"{customers:>10,} {distinct:>9,}  {library:<10} {result['fit']:>8.3f} {result['predict']:>10.3f}"
                  f" {totals[library]:>8.3f} {result['megabytes']:>6.0f} {reached[library]:>16,.3f}"
                  f" {totals['lifetimes'] / totals[library]:>13.1f}")
        if reached["engine"] < reached["lifetimes"] - EQUAL:
            equal = False
            print("  the likelihoods differ: the engine stopped before the optimum")
    return 0 if equal else 1


def measure(library, path, repeat):
    """Return medians of seconds, the parameters and the peak of memory of this process."""
    data = np.load(path)
    history = data["x"], data["t_x"], data["T"]
    run = {"engine": with_engine, "lifetimes": with_lifetimes}[library]()
    fits, predictions = [], []
    for _ in range(repeat):
        begun = time.perf_counter()
        fit, params, predict = run(history)
        fitted = time.perf_counter()
        predict(fit)
        fits.append(fitted - begun)
        predictions.append(time.perf_counter() - fitted)
    return {
        "fit": statistics.median(fits), "predict": statistics.median(predictions), "params": params,
        "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


def with_engine():
    """Return a function that fits the addon's model."""
    clv = engine()

    def run(history):
        fit = clv.fit_purchases(*history)
        return fit, list(fit.params), lambda fit: (
            fit.expected_purchases(HORIZON, *history), fit.probability_alive(*history)
        )

    return run


def with_lifetimes():
    """Return a function that fits the same model of lifetimes."""
    from lifetimes import ModifiedBetaGeoFitter

    def run(history):
        fit = ModifiedBetaGeoFitter().fit(*history)
        return fit, [float(fit.params_[name]) for name in ("r", "alpha", "a", "b")], lambda fit: (
            fit.conditional_expected_number_of_purchases_up_to_time(HORIZON, *history),
            fit.conditional_probability_alive(*history),
        )

    return run


def engine():
    """Load the addon's engine by its path, without Odoo."""
    if "engine_clv" not in sys.modules:
        path = ROOT / "crm_customer_value" / "engine" / "clv.py"
        spec = importlib.util.spec_from_file_location("engine_clv", path)
        sys.modules["engine_clv"] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(sys.modules["engine_clv"])
    return sys.modules["engine_clv"]


def simulate(customers, seed=1):
    """Return x, t_x, T in weeks of customers who are drawn from the model, by whole days, over two years."""
    random = np.random.default_rng(seed)
    T = random.integers(1, 2 * 365, customers).astype(float)
    rate = random.gamma(PARAMS["r"], 1 / PARAMS["alpha"], customers) / 7
    leaving = random.beta(PARAMS["a"], PARAMS["b"], customers)
    x, last, moment = np.zeros(customers), np.zeros(customers), np.zeros(customers)
    going = np.flatnonzero(random.random(customers) >= leaving)
    while len(going):
        moment[going] += random.exponential(1 / rate[going])
        going = going[moment[going] < T[going] + 1]
        day = np.floor(moment[going])
        # Purchases of one day count once.
        new = going[day > last[going]]
        x[new] += 1
        last[new] = np.floor(moment[new])
        going = going[random.random(len(going)) >= leaving[going]]
    return x, last / 7, T / 7


if __name__ == "__main__":
    sys.exit(main())
