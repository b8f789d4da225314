"""From documents to the value index: facts, measures, cut-points, parts, rows."""
