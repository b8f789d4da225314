"""The words for what is wrong with a file of purchases, or with one row of it.

Plain functions of ``env``, so that every text comes in the reader's language.
"""


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
            "With the separator “%(given)s” the file has only one column. Its first line is "
            "“%(line)s”: choose the separator “%(better)s”, or “Detect”.",
            given=separator_label(env, separator), line=line, better=separator_label(env, better),
        )
    return env._(
        "The file has only one column. Its first line is “%(line)s”. A purchase needs at least a "
        "customer, a date and an amount, set apart by comma, semicolon, tab or vertical bar.",
        line=line,
    )


def _encoding(env, encoding, better):
    return env._(
        "The file is not written in the encoding %(given)s. Choose %(better)s, or “Detect”.",
        given=encoding.upper(), better=(better or "UTF-8").upper().removesuffix("-SIG"),
    )


def _too_many_rows(env, limit):
    return env._(
        "The file has more than %(limit)s rows, which is more than one import may take. Split it into "
        "several files and import them one after the other; or ask your administrator to raise the "
        "system parameter crm_customer_value.import_max_rows.",
        limit=f"{limit:,}",
    )


_FILE_ERRORS = {
    "empty": lambda env: env._(
        "The file is empty. It needs a first row with the names of the columns, and a row for each purchase."
    ),
    "no_rows": lambda env: env._("The file has names of columns, but no rows below them."),
    "no_table": lambda env: env._(
        "This is not a table. Choose a CSV file (.csv, .txt) or an Excel workbook (.xlsx)."
    ),
    "old_excel": lambda env: env._(
        "This workbook has the old Excel format (.xls), or a password. Save it as “Excel Workbook "
        "(.xlsx)” without a password, or as CSV, and choose that file."
    ),
    "broken_xlsx": lambda env: env._(
        "This workbook is damaged or no .xlsx file. Open it in a spreadsheet program, save it again and "
        "choose the new file."
    ),
    "too_big": lambda env: env._(
        "This workbook unpacks to more than can be read. Save the sheet with the purchases as CSV and choose that file."
    ),
    "beyond_sheet": lambda env: env._(
        "This file has more rows or columns than a sheet can have (1,048,576 rows, 16,384 columns). Open it in a "
        "spreadsheet program, copy the purchases to a new workbook and choose that."
    ),
    "header_row": lambda env, row: env._(
        "Row %(row)s is empty or not there. Enter the number of the row that names the columns, or 0 to have it "
        "found.",
        row=row,
    ),
    "sheet": lambda env, sheet, sheets: env._(
        "The workbook has no sheet “%(sheet)s”. Its sheets are: %(sheets)s.",
        sheet=sheet, sheets=", ".join(sheets),
    ),
    "no_header": lambda env, line, row: env._(
        "Row %(row)s must hold the names of the columns; it is “%(line)s”. Insert a row with names such as "
        "Customer Reference, Date, Amount; or enter the number of the row that has them.",
        line=line, row=row,
    ),
    "quotes": lambda env, line: env._(
        "Near line %(line)s a quotation mark is opened but not closed as it should be. Correct it, or "
        "save the file as .xlsx.",
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
        "date": env._("Date not understood"),
        "future": env._("Date in the future"),
        "no_amount": env._("Amount missing"),
        "amount": env._("Amount not understood"),
        "no_quantity": env._("Quantity missing"),
        "quantity": env._("Quantity not understood"),
        "no_price": env._("Unit price missing"),
        "price": env._("Unit price not understood"),
        "margin": env._("Margin not understood"),
        "cost": env._("Cost not understood"),
        "sign": env._("Quantity and amount contradict each other"),
        "zero": env._("Amount of zero: no purchase"),
        "other_currency": env._("Amount in another currency"),
        "currency": env._("Unknown currency"),
        "rate": env._("No currency rate"),
        "overlong": env._("More cells than columns"),
        "long": env._("Text too long"),
        "nobody": env._("No customer named"),
        "unknown": env._("Unknown customer"),
        "ambiguous": env._("Several customers match"),
    }[verdict]


def row_text(env, row):
    """Return why a judged row (see ``purchase_staging.judged_sql``) is not imported."""
    verdict, value = row["verdict"], row["detail"] or ""
    if verdict in ("date", "amount", "quantity", "price", "margin", "cost"):
        texts = {
            "date": env._("“%(value)s” is not understood as a date.", value=value),
            "amount": env._("“%(value)s” is not understood as an amount.", value=value),
            "quantity": env._("“%(value)s” is not understood as a quantity.", value=value),
            "price": env._("“%(value)s” is not understood as a price.", value=value),
            "margin": env._("The margin “%(value)s” is not understood.", value=value),
            "cost": env._("The cost “%(value)s” is not understood.", value=value),
        }
        return texts[verdict]
    if verdict == "future":
        return env._("%(value)s lies in the future.", value=value)
    if verdict == "currency":
        return env._("There is no currency “%(value)s”; use its three-letter code.", value=value)
    if verdict == "other_currency":
        return env._(
            "“%(value)s” names another currency than %(currency)s, which is the row's. Add a column with the currency "
            "of each row, or choose the currency of the whole file.",
            value=value, currency=row["currency"],
        )
    if verdict == "sign":
        return env._(
            "The quantity %(value)s is that of a return, but the amount is not negative. Correct one of them.",
            value=value,
        )
    if verdict == "long":
        return env._("“%(value)s…” is too long for a name or number. Shorten it.", value=value)
    if verdict == "rate":
        return env._(
            "There is no rate of %(currency)s for %(day)s.",
            currency=row["currency"], day=row["day"],
        )
    if verdict == "overlong":
        return env._("The row has %(count)s cells, more than there are columns.", count=value)
    if verdict == "unknown":
        named = [
            f"{field_label(env, field)} “{row[field]}”"
            for field in ("ref", "email", "vat", "name") if row[field]
        ]
        return env._("No customer was found by %(named)s.", named=", ".join(named))
    if verdict == "ambiguous":
        return env._(
            "%(count)s customers have the %(field)s “%(value)s”.",
            count=row["matches"], field=field_label(env, row["via"]), value=row[row["via"]],
        )
    if verdict == "nobody":
        return env._("The row does not say who the customer is.")
    return verdict_label(env, verdict) + "."
