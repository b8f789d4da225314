"""What the columns of a file of measurements hold, told by their names."""

from ..source_file.columns import CUSTOMER_SYNONYMS, PRODUCT_SYNONYMS, find_columns, plain_synonyms

SYNONYMS = plain_synonyms({
    **CUSTOMER_SYNONYMS,
    "metric": (
        "metric", "benefitmetric", "measure", "kpi", "indicator", "keyfigure", "kennzahl", "messgrosse", "messgroesse",
        "indicateur", "mesure", "indicador", "metrica", "metrique", "indicatore", "maatstaf", "indicator", "wskaznik",
        "показатель", "показник", "指标", "指標",
    ),
    "month": (
        "month", "period", "monat", "zeitraum", "periode", "mois", "mes", "mese", "maand", "miesiac", "месяц",
        "період", "місяць", "月", "月份", "期间", "期間",
    ),
    "date_from": (
        "from", "datefrom", "start", "startdate", "begin", "firstday", "periodstart", "von", "beginn", "ab", "du",
        "debut", "datededebut", "desde", "inicio", "dal", "inizio", "van", "od", "от", "с", "з", "开始", "開始",
        "开始日期", "開始日期",
    ),
    "date_to": (
        "to", "dateto", "end", "enddate", "until", "lastday", "periodend", "bis", "ende", "au", "fin", "datedefin",
        "hasta", "al", "fine", "tot", "einde", "do", "до", "по", "结束", "結束", "结束日期", "結束日期",
    ),
    "value": (
        "value", "measuredvalue", "measurement", "result", "actual", "reading", "wert", "messwert", "istwert", "ist",
        "valeur", "valor", "valore", "waarde", "wartosc", "значение", "значення", "数值", "數值", "值",
    ),
    "unit": (
        "unit", "unitofmeasure", "uom", "einheit", "unite", "unidad", "unita", "eenheid", "jednostka", "единица",
        "одиниця", "单位", "單位",
    ),
    "baseline": (
        "baseline", "before", "startvalue", "reference", "initialvalue", "ausgangswert", "vorher", "basiswert",
        "valeurinitiale", "avant", "lineabase", "antes", "valorinicial", "valoreiniziale", "prima", "uitgangswaarde",
        "baza", "база", "基线", "基線", "基准", "基準",
    ),
    # One column: a code, a barcode or a name.
    "product": (*PRODUCT_SYNONYMS["product"], *PRODUCT_SYNONYMS["product_name"]),
    "note": (
        "remark", "remarks", "note", "notes", "comment", "comments", "bemerkung", "notiz", "kommentar", "remarque",
        "commentaire", "comentario", "observaciones", "nota", "note", "opmerking", "uwagi", "примечание", "примітка",
        "备注", "備註",
    ),
})


def map_columns(headers):
    """Return {field: header} for the columns whose names say what they hold."""
    return find_columns(headers, SYNONYMS)
