"""From measures to the value index: cut-points, parts, rows, and the course of a recompute."""
