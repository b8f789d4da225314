"""The words for what is wrong with a file of purchases, or with one row of it.

Plain functions of ``env``, so that every text comes in the reader's language.
"""

# Of unknown customers and products.
NAMES_SHOWN = 5
NAME_LENGTH = 60


def separator_label(env, separator):
    """Return the name of a separator."""
    return {
        ",": env._("comma"),
        ";": env._("semicolon"),
        "\t": env._("tab"),
        "|": env._("vertical bar"),
    }.get(separator, separator)


def field_label(env, field):
    """Return what a column can mean."""
    return {
        "ref": env._("Customer Reference"),
        "email": env._("Customer E-mail"),
        "vat": env._("Customer VAT"),
        "name": env._("Customer Name"),
        "country": env._("Customer Country"),
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
    }[field]


def file_error_text(env, error):
    """Return what is wrong with a file, and what to do about it."""
    return _FILE_ERRORS[error.code](env, **error.params)


def _one_column(env, separator, better, line):
    if better:
        return env._(
            "With the separator “%(given)s” the file has only one column. Its first line is “%(line)s”. Choose the "
            "separator “%(better)s”, or “Detect”.",
            given=separator_label(env, separator), line=line, better=separator_label(env, better),
        )
    return env._(
        "The file has only one column. Its first line is “%(line)s”. A purchase needs at least a customer, a date and "
        "an amount, separated by comma, semicolon, tab or vertical bar.",
        line=line,
    )


def _encoding(env, encoding, better):
    return env._(
        "The file does not use the encoding %(given)s. Choose %(better)s, or “Detect”.",
        given=encoding.upper(), better=(better or "UTF-8").upper().removesuffix("-SIG"),
    )


def _too_many_rows(env, limit):
    return env._(
        "The file has more than %(limit)s rows, the most that one import can have. Split it into several files and "
        "import them one after the other, or ask your administrator to raise the system parameter "
        "crm_customer_value.import_max_rows.",
        limit=f"{limit:,}",
    )


_FILE_ERRORS = {
    "empty": lambda env: env._(
        "The file is empty. It needs a row with the column names and a row for each purchase."
    ),
    "no_rows": lambda env: env._("The file has column names but no rows below them."),
    "no_table": lambda env: env._(
        "This is not a table. Choose a CSV file (.csv, .txt) or an Excel workbook (.xlsx)."
    ),
    "old_excel": lambda env: env._(
        "This workbook has the old Excel format (.xls) or a password. Save it as “Excel Workbook (.xlsx)” without a "
        "password or as CSV, and choose the new file."
    ),
    "broken_xlsx": lambda env: env._(
        "This workbook is damaged or is not an .xlsx file. Open it in a spreadsheet program, save it again and choose "
        "the new file."
    ),
    "too_big": lambda env: env._(
        "This workbook is too large to be read. Save the sheet with the purchases as CSV and choose that file."
    ),
    "beyond_sheet": lambda env: env._(
        "This file has more rows or columns than a sheet can have (1,048,576 rows, 16,384 columns). Copy the purchases "
        "to a new workbook and choose that file."
    ),
    "header_row": lambda env, row: env._(
        "Row %(row)s is empty or missing. Enter the number of the row with the column names, or leave the field empty "
        "to have it found.",
        row=row,
    ),
    "sheet": lambda env, sheet, sheets: env._(
        "The workbook has no sheet “%(sheet)s”. Its sheets are: %(sheets)s.",
        sheet=sheet, sheets=", ".join(sheets),
    ),
    "no_header": lambda env, line, row: env._(
        "Row %(row)s must contain the column names, but it is “%(line)s”. Insert a row with names such as Customer "
        "Reference, Date, Amount, or enter the number of the row with the names.",
        line=line, row=row,
    ),
    "quotes": lambda env, line: env._(
        "A closing quotation mark is missing near line %(line)s. Correct it, or save the file as .xlsx.",
        line=line,
    ),
    "one_column": _one_column,
    "encoding": _encoding,
    "too_many_rows": _too_many_rows,
}


def verdict_label(env, verdict):
    """Return the reason for which rows are not imported, in a few words."""
    return {
        "no_date": env._("Date missing"),
        "date": env._("Date not readable"),
        "future": env._("Date in the future"),
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
        "overlong": env._("More cells than columns"),
        "long": env._("Text too long"),
        "nobody": env._("Customer missing"),
        "unknown": env._("Unknown customer"),
        "ambiguous": env._("Several customers match"),
        "contradiction": env._("Two different customers in one row"),
        "doubtful": env._("Very similar to another customer"),
        "shared": env._("Used for several customers"),
        "document": env._("Another row of the document is not imported"),
        "changed": env._("Already imported with another amount"),
    }[verdict]


def row_text(env, row):
    """Return why a judged row (see ``staging.judged_sql``) is not imported."""
    verdict, value = row["verdict"], row["detail"] or ""
    if verdict in ("date", "amount", "quantity", "price", "margin", "cost"):
        texts = {
            "date": env._("“%(value)s” is not a date.", value=value),
            "amount": env._("“%(value)s” is not an amount.", value=value),
            "quantity": env._("“%(value)s” is not a quantity.", value=value),
            "price": env._("“%(value)s” is not a price.", value=value),
            "margin": env._("The margin “%(value)s” is not a number.", value=value),
            "cost": env._("The cost “%(value)s” is not a number.", value=value),
        }
        return texts[verdict]
    if verdict == "future":
        return env._("%(value)s is in the future.", value=value)
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
    if verdict == "long":
        return env._("“%(value)s…” is too long for a name or number. Shorten it.", value=value)
    if verdict == "rate":
        return env._(
            "There is no exchange rate of %(currency)s for %(day)s. Add it under Currencies.",
            currency=row["currency"], day=row["day"],
        )
    if verdict == "overlong":
        return env._("The row has %(count)s cells, more than there are columns.", count=value)
    return _customer_text(env, row) or _document_text(env, row) or verdict_label(env, verdict) + "."


def _customer_text(env, row):
    """Return why it is not clear who bought; nothing if that is not the reason."""
    verdict = row["verdict"]
    if verdict == "unknown":
        named = [
            f"{field_label(env, field)} “{row[field]}”"
            for field in ("ref", "email", "vat", "name") if row[field]
        ]
        text = env._("No customer was found with %(named)s.", named=", ".join(named))
        return " ".join(filter(None, (text, aside_text(env, row))))
    if verdict == "contradiction":
        return " ".join((
            aside_text(env, row),
            env._("Correct the row or the customer, or do not use one of the two columns."),
        ))
    if verdict == "doubtful":
        return env._(
            "%(field)s “%(value)s” is very similar to “%(other)s” of %(customer)s. If this is the same customer, use "
            "the same spelling. Otherwise create the customer first.",
            field=field_label(env, row["aside_kind"]), value=row[row["aside_kind"]], other=row["aside_value"],
            customer=row["aside_name"],
        )
    if verdict == "shared":
        return env._(
            "Other rows have the same %(named)s but other names, so it is not clear who bought. Enter the customer's "
            "own value. If all these rows are one customer, do not use the column with the names.",
            named=", ".join(f"{field_label(env, key)} “{row[key]}”" for key in row["shared"]),
        )
    if verdict == "ambiguous":
        return env._(
            "%(count)s customers have the %(field)s “%(value)s”.",
            count=row["matches"], field=field_label(env, row["via"]), value=row[row["via"]],
        )
    if verdict == "nobody":
        text = env._("The row does not say who the customer is.")
        given = [f"“{row[key].strip()}”" for key in ("ref", "email", "vat", "name") if (row[key] or "").strip()]
        if given:
            return env._(
                "%(text)s These values do not identify anybody: %(values)s.", text=text, values=", ".join(given)
            )
        return text
    return ""


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


def aside_text(env, row):
    """Return which customer has the same key as a row, but is not the one it means; nothing if there is none."""
    why = row["aside_why"]
    if not why:
        return ""
    values = {
        "customer": row["aside_name"] or "",
        "same": field_label(env, row["aside_kind"]),
        "other": row["aside_value"] or "",
    }
    if why == "company":
        return env._("%(customer)s has the same %(same)s, but belongs to %(other)s.", **values)
    if why == "shared":
        return env._("%(customer)s has the same %(same)s, but another name.", **values)
    return env._(
        "%(customer)s has the same %(same)s, but another %(field)s: “%(other)s”.",
        field=field_label(env, why), **values,
    )


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
    texts = []
    if customers := result.unknown_customers:
        values = {"number": len(customers), "names": _names_text(env, map(customer_label, customers))}
        texts.append(
            env._("%(number)s customers are unknown: %(names)s.", **values) if len(customers) > 1
            else env._("One customer is unknown: %(names)s.", **values)
        )
    if products := result.unknown_products:
        values = {"number": len(products), "names": _names_text(env, map(product_label, products))}
        texts.append(
            env._("%(number)s products are unknown and kept as text: %(names)s.", **values) if len(products) > 1
            else env._("One product is unknown and kept as text: %(names)s.", **values)
        )
    if listed and max(len(customers), len(products)) > listed:
        texts.append(env._(
            "Only the first %(number)s are listed below. To create all of them, go back and choose it there.",
            number=listed,
        ))
    return texts


def _names_text(env, names):
    """Return the first of these names, and how many more there are."""
    names = list(names)
    shown = " · ".join(name if len(name) <= NAME_LENGTH else f"{name[:NAME_LENGTH]}…" for name in names[:NAMES_SHOWN])
    more = len(names) - NAMES_SHOWN
    return env._("%(names)s … (%(number)s more)", names=shown, number=more) if more > 0 else shown


def note_text(env, note):
    """Return one thing that an import set aside or took for the same (see ``matching.notes``)."""
    code, rows, first_rows, examples = note
    values = {
        "rows": rows,
        "numbers": ", ".join(map(str, first_rows)) + ("…" if rows > len(first_rows) else ""),
        "examples": "; ".join(_example_text(env, code, example) for example in examples),
    }
    return {
        "placeholder": lambda: env._(
            "Not used to find customers because it does not identify anybody (rows: %(rows)s, for example "
            "%(numbers)s): %(examples)s",
            **values,
        ),
        "shared": lambda: env._(
            "Not used to find customers because rows with different names have the same value (rows: %(rows)s, for "
            "example %(numbers)s): %(examples)s. If they are all one customer, do not use the column with the names.",
            **values,
        ),
        "spelling": lambda: env._(
            "Treated as the same in spite of another spelling (rows: %(rows)s, for example %(numbers)s): %(examples)s",
            **values,
        ),
        "name": lambda: env._(
            "Found by reference, e-mail or VAT, but with another name (rows: %(rows)s, for example %(numbers)s): "
            "%(examples)s",
            **values,
        ),
        "archived": lambda: env._(
            "Found, but archived (rows: %(rows)s, for example %(numbers)s): %(examples)s", **values
        ),
        "company": lambda: env._(
            "Not used because they belong to another company (rows: %(rows)s, for example %(numbers)s): %(examples)s",
            **values,
        ),
        "country": lambda: env._(
            "Not a country (rows: %(rows)s, for example %(numbers)s): %(examples)s. New customers are created "
            "without a country.",
            **values,
        ),
    }[code]()


def _example_text(env, code, example):
    if code == "archived":
        return example["name"]
    if code == "company":
        return f"{example['name']} ({example['other']})"
    text = f"{field_label(env, example['kind'])} “{example['value']}”"
    if code == "name":
        return env._("“%(given)s” for %(customer)s", given=example["value"], customer=example["name"])
    if code == "spelling":
        return env._("%(given)s for “%(other)s” of %(customer)s", given=text, other=example["other"],
                     customer=example["name"])
    return text
