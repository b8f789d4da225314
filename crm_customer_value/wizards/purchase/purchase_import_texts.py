"""The words for what is wrong with a file of purchases, or with one row of it.

Plain functions of ``env``, so that every text comes in the reader's language.
"""

from ..base import import_texts as texts

# Of unknown customers and products.
NAMES_SHOWN = 5
NAME_LENGTH = 60


def field_label(env, field):
    """Return what a column can mean."""
    return {
        "date": env._("Date"),
        "amount": env._("Amount (untaxed)"),
        "quantity": env._("Quantity"),
        "price": env._("Unit Price (untaxed)"),
        "margin": env._("Margin"),
        "cost": env._("Cost"),
        "currency": env._("Currency"),
        "reference": env._("Order Number"),
        "product": env._("Product Code"),
        "product_name": env._("Product Name"),
    }.get(field) or texts.customer_field_label(env, field)


def _one_column(env, separator, better, line):
    needs = env._(
        "The file has only one column. Its first line is “%(line)s”. A purchase needs at least a customer, a date and "
        "an amount, separated by comma, semicolon, tab or vertical bar.",
        line=line,
    )
    return texts.one_column_text(env, separator, better, line, needs)


# Errors of files whose words say what a row is.
FILE_ERRORS = {
    "empty": lambda env: env._(
        "The file is empty. It needs a row with the column names and a row for each purchase."
    ),
    "too_big": lambda env: env._(
        "This workbook is too large to be read. Save the sheet with the purchases as CSV and choose that file."
    ),
    "beyond_sheet": lambda env: env._(
        "This file has more rows or columns than a sheet can have (1,048,576 rows, 16,384 columns). Copy the purchases "
        "to a new workbook and choose that file."
    ),
    "no_header": lambda env, line, row: env._(
        "Row %(row)s must contain the column names, but it is “%(line)s”. Insert a row with names such as Customer "
        "Reference, Date, Amount, or enter the number of the row with the names.",
        line=line, row=row,
    ),
    "one_column": _one_column,
}


def verdict_label(env, verdict):
    """Return the reason for which rows are not imported, in a few words."""
    return {
        "no_amount": env._("Amount missing"),
        "amount": env._("Amount not readable"),
        "no_quantity": env._("Quantity missing"),
        "quantity": env._("Quantity not readable"),
        "no_price": env._("Unit price missing"),
        "price": env._("Unit price not readable"),
        "margin": env._("Margin not readable"),
        "cost": env._("Cost not readable"),
        "sign": env._("Quantity and amount have different signs"),
        "zero": env._("The amount is zero"),
        "other_currency": env._("Amount in another currency"),
        "currency": env._("Unknown currency"),
        "rate": env._("No currency rate"),
        "document": env._("Another row of the document is not imported"),
        "changed": env._("Already imported with another amount"),
    }.get(verdict) or texts.verdict_label(env, verdict)


def row_text(env, row):
    """Return why a judged row (see ``staging.judged_sql``) is not imported."""
    verdict, value = row["verdict"], row["detail"] or ""
    if verdict in ("amount", "quantity", "price", "margin", "cost"):
        return {
            "amount": env._("“%(value)s” is not an amount.", value=value),
            "quantity": env._("“%(value)s” is not a quantity.", value=value),
            "price": env._("“%(value)s” is not a price.", value=value),
            "margin": env._("The margin “%(value)s” is not a number.", value=value),
            "cost": env._("The cost “%(value)s” is not a number.", value=value),
        }[verdict]
    if verdict == "currency":
        return env._("There is no currency “%(value)s”. Use the three-letter code.", value=value)
    if verdict == "other_currency":
        return env._(
            "“%(value)s” has another currency than %(currency)s, the currency of the row. Add a column with the "
            "currency of each row, or choose the currency of the whole file.",
            value=value, currency=row["currency"],
        )
    if verdict == "sign":
        return env._(
            "The quantity %(value)s means a return, but the amount is not negative. Correct one of them.",
            value=value,
        )
    if verdict == "rate":
        return env._(
            "There is no exchange rate of %(currency)s for %(day)s. Add it under Currencies.",
            currency=row["currency"], day=row["day"],
        )
    return texts.row_text(env, row) or _document_text(env, row) or verdict_label(env, verdict) + "."


def _document_text(env, row):
    """Return why the document of a line is not imported; nothing if that is not the reason."""
    verdict = row["verdict"]
    if verdict == "document":
        return env._(
            "Another row of the same document cannot be imported. Correct that row: all rows of a document are "
            "imported together."
        )
    if verdict == "changed":
        return env._(
            "Document “%(number)s” of this customer and day was already imported with another amount. If this one is "
            "right, delete that purchase first. All rows of a document must be in one file.",
            number=row["reference"],
        )
    return ""


def customer_label(customer):
    """Return what an unknown customer is called: see ``matching.unknown_customers``."""
    return customer["name"] or customer["email"] or customer["ref"] or customer["vat"]


def product_label(product):
    """Return what an unknown product, (code, name), is called."""
    return " ".join(filter(None, (f"[{product[0]}]" if all(product) else product[0], product[1])))


def unknown_texts(env, result, listed=None):
    """Return which customers and products nobody knows: the first names, and how many more there are.

    :param ImportResult result: of an import or a dry run
    :param int listed: how many of them are listed below the text
    """
    found = []
    if customers := result.unknown_customers:
        values = {"number": len(customers), "names": _names_text(env, map(customer_label, customers))}
        found.append(
            env._("%(number)s customers are unknown: %(names)s.", **values) if len(customers) > 1
            else env._("One customer is unknown: %(names)s.", **values)
        )
    if products := result.unknown_products:
        values = {"number": len(products), "names": _names_text(env, map(product_label, products))}
        found.append(
            env._("%(number)s products are unknown and kept as text: %(names)s.", **values) if len(products) > 1
            else env._("One product is unknown and kept as text: %(names)s.", **values)
        )
    if listed and max(len(customers), len(products)) > listed:
        found.append(env._(
            "Only the first %(number)s are listed below. To create all of them, go back and choose it there.",
            number=listed,
        ))
    return found


def _names_text(env, names):
    """Return the first of these names, and how many more there are."""
    names = list(names)
    shown = " · ".join(name if len(name) <= NAME_LENGTH else f"{name[:NAME_LENGTH]}…" for name in names[:NAMES_SHOWN])
    more = len(names) - NAMES_SHOWN
    return env._("%(names)s … (%(number)s more)", names=shown, number=more) if more > 0 else shown
