"""The words for what is wrong with a file to import, or with who is named in one row of it.

Plain functions of ``env``, so that every text comes in the reader's language. Each kind of import has texts of its own
besides.
"""


def separator_label(env, separator):
    """Return the name of a separator."""
    return {
        ",": env._("comma"),
        ";": env._("semicolon"),
        "\t": env._("tab"),
        "|": env._("vertical bar"),
    }.get(separator, separator)


def one_column_text(env, separator, better, line, needs):
    """Return what to do about a file that has one column only.

    :param str better: the separator that it seems to have, if that is another one
    :param str needs: what to do if there is none
    """
    if not better:
        return needs
    return env._(
        "With the separator “%(given)s” the file has only one column. Its first line is “%(line)s”. Choose the "
        "separator “%(better)s”, or “Detect”.",
        given=separator_label(env, separator), line=line, better=separator_label(env, better),
    )


def customer_field_label(env, field):
    """Return what a column that names the customer is called."""
    return {
        "ref": env._("Customer Reference"),
        "email": env._("Customer E-mail"),
        "vat": env._("Customer VAT"),
        "name": env._("Customer Name"),
        "country": env._("Customer Country"),
    }[field]


def file_error_text(env, error, own):
    """Return what is wrong with a file, and what to do about it.

    :param dict own: {code: function of ``env`` and what the error tells}, of errors whose words say what the rows are
    """
    return {**_FILE_ERRORS, **own}[error.code](env, **error.params)


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
    "header_row": lambda env, row: env._(
        "Row %(row)s is empty or missing. Enter the number of the row with the column names, or leave the field empty "
        "to have it found.",
        row=row,
    ),
    "sheet": lambda env, sheet, sheets: env._(
        "The workbook has no sheet “%(sheet)s”. Its sheets are: %(sheets)s.",
        sheet=sheet, sheets=", ".join(sheets),
    ),
    "quotes": lambda env, line: env._(
        "A closing quotation mark is missing near line %(line)s. Correct it, or save the file as .xlsx.",
        line=line,
    ),
    "encoding": _encoding,
    "too_many_rows": _too_many_rows,
}


def verdict_label(env, verdict):
    """Return the reason for which rows are not imported, in a few words; None for reasons of one kind of import."""
    return {
        "no_date": env._("Date missing"),
        "date": env._("Date not readable"),
        "future": env._("Date in the future"),
        "overlong": env._("More cells than columns"),
        "long": env._("Text too long"),
        "nobody": env._("Customer missing"),
        "unknown": env._("Unknown customer"),
        "ambiguous": env._("Several customers match"),
        "contradiction": env._("Two different customers in one row"),
        "doubtful": env._("Very similar to another customer"),
        "shared": env._("Used for several customers"),
    }.get(verdict)


def row_text(env, row):
    """Return why a judged row is not imported; nothing if that is a reason of one kind of import."""
    verdict, value = row["verdict"], row["detail"] or ""
    if verdict == "date":
        return env._("“%(value)s” is not a date.", value=value)
    if verdict == "future":
        return env._("%(value)s is in the future.", value=value)
    if verdict == "long":
        return env._("“%(value)s…” is too long for a name or number. Shorten it.", value=value)
    if verdict == "overlong":
        return env._("The row has %(count)s cells, more than there are columns.", count=value)
    return customer_text(env, row)


def customer_text(env, row):
    """Return why it is not clear who the customer is; nothing if that is not the reason."""
    verdict = row["verdict"]
    if verdict == "unknown":
        named = [
            f"{customer_field_label(env, field)} “{row[field]}”"
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
            field=customer_field_label(env, row["aside_kind"]), value=row[row["aside_kind"]], other=row["aside_value"],
            customer=row["aside_name"],
        )
    if verdict == "shared":
        return env._(
            "Other rows have the same %(named)s but other names, so it is not clear who bought. Enter the customer's "
            "own value. If all these rows are one customer, do not use the column with the names.",
            named=", ".join(f"{customer_field_label(env, key)} “{row[key]}”" for key in row["shared"]),
        )
    if verdict == "ambiguous":
        return env._(
            "%(count)s customers have the %(field)s “%(value)s”.",
            count=row["matches"], field=customer_field_label(env, row["via"]), value=row[row["via"]],
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


def aside_text(env, row):
    """Return which customer has the same key as a row, but is not the one it means; nothing if there is none."""
    why = row["aside_why"]
    if not why:
        return ""
    values = {
        "customer": row["aside_name"] or "",
        "same": customer_field_label(env, row["aside_kind"]),
        "other": row["aside_value"] or "",
    }
    if why == "company":
        return env._("%(customer)s has the same %(same)s, but belongs to %(other)s.", **values)
    if why == "shared":
        return env._("%(customer)s has the same %(same)s, but another name.", **values)
    return env._(
        "%(customer)s has the same %(same)s, but another %(field)s: “%(other)s”.",
        field=customer_field_label(env, why), **values,
    )


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
    text = f"{customer_field_label(env, example['kind'])} “{example['value']}”"
    if code == "name":
        return env._("“%(given)s” for %(customer)s", given=example["value"], customer=example["name"])
    if code == "spelling":
        return env._("%(given)s for “%(other)s” of %(customer)s", given=text, other=example["other"],
                     customer=example["name"])
    return text
