"""The words for what is wrong with a file of measurements, or with one row of it.

Plain functions of ``env``, so that every text comes in the reader's language.
"""

from odoo.tools import format_date

from ..base import import_texts as texts


def field_label(env, field):
    """Return what a column can mean."""
    return {
        "metric": env._("Metric"),
        "month": env._("Month"),
        "date_from": env._("First Day"),
        "date_to": env._("Last Day"),
        "value": env._("Value"),
        "unit": env._("Unit"),
        "baseline": env._("Baseline"),
        "product": env._("Product"),
        "note": env._("Remark"),
    }.get(field) or texts.customer_field_label(env, field)


def _one_column(env, separator, better, line):
    needs = env._(
        "The file has only one column. Its first line is “%(line)s”. A row needs at least a customer, a metric, a "
        "month and a value, separated by comma, semicolon, tab or vertical bar.",
        line=line,
    )
    return texts.one_column_text(env, separator, better, line, needs)


# Errors of files whose words say what a row is.
FILE_ERRORS = {
    "empty": lambda env: env._(
        "The file is empty. It needs a row with the column names and a row for each measured value."
    ),
    "too_big": lambda env: env._(
        "This workbook is too large to be read. Save the sheet with the values as CSV and choose that file."
    ),
    "beyond_sheet": lambda env: env._(
        "This file has more rows or columns than a sheet can have (1,048,576 rows, 16,384 columns). Copy the values to "
        "a new workbook and choose that file."
    ),
    "no_header": lambda env, line, row: env._(
        "Row %(row)s must contain the column names, but it is “%(line)s”. Insert a row with names such as Customer, "
        "Metric, Month, Value, or enter the number of the row with the names.",
        line=line, row=row,
    ),
    "one_column": _one_column,
}


def verdict_label(env, verdict):
    """Return the reason for which rows are not imported, in a few words."""
    return {
        "no_date": env._("Period missing"),
        "future": env._("Period in the future"),
        "month": env._("Month not readable"),
        "unfinished": env._("The month is not over"),
        "reversed": env._("The period ends before it begins"),
        "too_long": env._("The period is too long"),
        "no_metric": env._("Metric missing"),
        "metric": env._("Unknown metric"),
        "metrics": env._("Several metrics match"),
        "no_value": env._("Value missing"),
        "value": env._("Value not readable"),
        "unit_beside": env._("Two units in one row"),
        "baseline": env._("Baseline not readable"),
        "large": env._("Value too large"),
        "product": env._("Unknown product"),
        "products": env._("Several products match"),
        "overlap": env._("Two values for the same days"),
        "stored": env._("Another value is stored for these days"),
    }.get(verdict) or texts.verdict_label(env, verdict)


def row_text(env, row, near=()):
    """Return why a judged row (see ``import_staging.judged_sql``) is not imported.

    :param near: names of metrics that are written like the one of the row
    """
    verdict, value = row["verdict"], row["detail"] or ""
    return (
        _period_text(env, verdict, value) or _value_text(env, verdict, value) or _meaning_text(env, row, near)
        or _overlap_text(env, row) or texts.row_text(env, row) or verdict_label(env, verdict) + "."
    )


def _period_text(env, verdict, value):
    """Return what is wrong with the days of a row; nothing if that is not the reason."""
    return {
        "no_date": lambda: env._("Enter a month, or the first and the last day of the period."),
        "month": lambda: env._("“%(value)s” is not a month. Enter it like 2026-01.", value=value),
        "unfinished": lambda: env._(
            "The month “%(value)s” is not over. Enter the first and the last day that were measured.", value=value
        ),
        "reversed": lambda: env._(
            "The period %(value)s ends before it begins. Enter the earlier day first.", value=value
        ),
        "too_long": lambda: env._(
            "The period %(value)s is longer than two years. Enter a row for each year or month.", value=value
        ),
    }.get(verdict, str)()


def _value_text(env, verdict, value):
    """Return what is wrong with the numbers of a row; nothing if that is not the reason."""
    return {
        "value": lambda: env._("“%(value)s” is not a value.", value=value),
        "baseline": lambda: env._("The baseline “%(value)s” is not a number.", value=value),
        "unit_beside": lambda: env._(
            "“%(value)s” has another unit than the row says. Correct one of them.", value=value
        ),
        "large": lambda: env._("The gain of this value is too large to be stored. Check the value and the baseline."),
    }.get(verdict, str)()


def _meaning_text(env, row, near):
    """Return what the metric or the product of a row lacks; nothing if that is not the reason."""
    verdict = row["verdict"]
    if verdict == "metric":
        text = env._("There is no metric “%(name)s”.", name=row["metric"])
        if near:
            return env._("%(text)s Did you mean: %(names)s?", text=text, names=", ".join(near))
        return env._("%(text)s Create it under Configuration, or correct the name.", text=text)
    if verdict == "metrics":
        return env._(
            "Several metrics are called “%(name)s”. Enter the unit of the one that you mean.", name=row["metric"]
        )
    if verdict == "product":
        return env._(
            "There is no product “%(name)s”. Enter its code, barcode or name, or leave it empty.", name=row["product"]
        )
    if verdict == "products":
        return env._("Several products are called “%(name)s”. Enter the code.", name=row["product"])
    return ""


def _overlap_text(env, row):
    """Return which other value there is for the same days; nothing if that is not the reason."""
    if row["verdict"] == "overlap":
        return env._(
            "Row %(number)s has another value for some of the same days. Keep one of the two rows.",
            number=row["other_row"],
        )
    if row["verdict"] == "stored":
        return env._(
            "A measurement from %(start)s to %(end)s with the value %(value)s is stored already. Correct that one, or "
            "enter other days.",
            start=format_date(env, row["old_from"]), end=format_date(env, row["old_to"]),
            value=f"{row['old_value']:.12g}",
        )
    return ""


def doubt_text(env, doubt):
    """Return why a value is imported as one to check."""
    return {
        "baseline": env._("No baseline: neither the row nor a goal says what it was before"),
        "unit": env._("Another unit than that of the metric"),
        "worse": env._("Worse than the baseline"),
        "size": env._("More than ten times the baseline"),
        "range": env._("The baseline is zero, and the value is outside what is typical for the metric"),
    }[doubt]
