"""What the columns of a file of purchases hold, told by their names."""

from ..source_file.columns import CUSTOMER_SYNONYMS, PRODUCT_SYNONYMS, find_columns, plain_synonyms

SYNONYMS = plain_synonyms({
    **CUSTOMER_SYNONYMS,
    "date": (
        "date", "orderdate", "purchasedate", "invoicedate", "saledate", "salesdate", "transactiondate",
        "dateorder", "documentdate", "day", "createdat", "orderedat", "purchasedat", "timestamp",
        "datum", "rechnungsdatum", "bestelldatum", "auftragsdatum", "kaufdatum", "belegdatum", "datefacture",
        "datedefacture", "datecommande", "datedecommande", "dateachat", "fecha", "fechafactura", "fechadefactura",
        "fechapedido", "data", "datafattura", "dataordine", "datafatura", "datapedido", "factuurdatum", "orderdatum",
        "verkaufsdatum", "buchungsdatum", "tag", "datevente", "datedevente", "datedachat", "jour",
        "fechadepedido", "fechadelpedido", "fechacompra", "fechadecompra", "fechaventa", "fechadeventa", "dia",
        "datadifattura", "datadellordine", "datavendita", "datadivendita", "dataacquisto", "datadacquisto",
        "datadocumento", "giorno", "besteldatum", "verkoopdatum", "aankoopdatum", "boekdatum", "boekingsdatum", "dag",
        "datadafatura", "datadopedido", "datacompra", "datadacompra", "datavenda", "datadavenda",
        "datazamowienia", "datafaktury", "datasprzedazy", "dato", "fakturadato", "fakturadatum",
        "дата", "датазаказа", "датапокупки", "датапродажи", "датасчета", "датадокумента", "датазамовлення",
        "датакупівлі", "датапродажу", "датарахунку", "датарахункафактури", "tarih",
        "日付", "日期", "订单日期", "訂單日期", "购买日期", "購買日期", "销售日期", "銷售日期", "发票日期",
        "發票日期", "下单日期", "下單日期", "下单时间", "下單時間", "交易日期", "成交日期", "날짜",
    ),
    "amount": (
        "amount", "amountuntaxed", "untaxedamount", "netamount", "net", "subtotal", "linetotal", "lineamount",
        "total", "totalamount", "revenue", "sales", "turnover", "value", "dollarvalue", "orderamount", "ordertotal",
        "invoiceamount", "grandtotal", "totalprice", "spend", "salesamount", "netsales", "extendedprice",
        "extendedamount",
        "betrag", "nettobetrag", "netto", "summe", "gesamt", "gesamtbetrag", "umsatz", "montant", "montantht",
        "totalht", "importe", "importeneto", "importo", "imponibile", "totale", "valor", "valortotal", "bedrag",
        "omzet", "totaal", "kwota", "kwotanetto", "wartosc", "wartoscnetto", "razem", "beløb", "beløp", "summa",
        "rechnungsbetrag", "verkaufsbetrag", "gesamtsumme", "gesamtpreis", "nettoumsatz", "umsatznetto", "bestellwert",
        "auftragswert", "montanttotal", "montanthorstaxes", "totalhorstaxes", "prixtotal", "chiffredaffaires",
        "importetotal", "baseimponible", "monto", "montototal", "ventas", "importototale", "importonetto",
        "totaleimponibile", "fatturato", "ammontare", "totaalbedrag", "nettobedrag", "bedragexclbtw", "bedragexcl",
        "orderbedrag", "factuurbedrag", "valorliquido", "valortotalliquido", "montante", "quantia", "valordavenda",
        "faturamento", "сумма", "суммазаказа", "суммабезндс", "общаясумма", "итого", "выручка", "сума",
        "сумазамовлення", "сумабезпдв", "загальнасума", "разом", "виручка",
        "tutar", "osszeg", "castka", "金額", "金额", "总金额", "總金額", "订单金额", "訂單金額", "销售额", "銷售額",
        "总价", "總價", "总额", "總額", "合计", "合計", "成交金额", "成交金額", "实付金额", "實付金額", "금액",
    ),
    "quantity": (
        "quantity", "qty", "quantityordered", "orderedquantity", "qtyordered", "quantitysold", "quantityinvoiced",
        "units", "unitssold", "pieces", "pcs", "itemcount", "orderqty", "qtysold", "qtyinvoiced", "invoicedquantity",
        "numberofunits", "lineitemquantity",
        "menge", "anzahl", "stuck", "stueck", "quantite", "qte", "cantidad", "cant", "quantita", "qta", "quantidade",
        "qtd", "qtde", "aantal", "hoeveelheid", "ilosc", "antal", "antall", "mnozstvi", "mnozstvo", "mennyiseg",
        "cantitate", "miktar", "adet", "количество", "колво", "数量", "數量", "수량",
    ),
    "price": (
        "unitprice", "priceunit", "priceperunit", "pricepereach", "priceeach", "itemprice", "salesprice",
        "sellingprice", "netprice", "lineitemprice", "price",
        "einzelpreis", "stuckpreis", "stueckpreis", "preis", "prixunitaire", "prixunitaireht", "pu", "puht", "prix",
        "preciounitario", "precio", "prezzounitario", "prezzo", "precounitario", "preco", "stuksprijs",
        "eenheidsprijs", "prijs", "cenajednostkowa", "cena", "enhetspris", "stykpris", "pris", "egysegar",
        "pretunitar", "pret", "birimfiyat", "fiyat", "цена", "単価", "单价", "單價", "단가",
    ),
    "margin": (
        "margin", "grossmargin", "profit", "grossprofit", "contribution", "marge", "deckungsbeitrag", "rohertrag",
        "margen", "margine", "marza",
    ),
    "cost": (
        "cost", "costs", "totalcost", "cogs", "costofgoods", "costofgoodssold", "purchasecost", "costprice",
        "kosten", "einkaufspreis", "cout", "coste", "costo", "custo", "koszt",
    ),
    "currency": (
        "currency", "currencycode", "currencyid", "curr", "ccy", "currencyname", "wahrung", "waehrung", "devise",
        "moneda", "divisa", "valuta", "moeda", "waluta", "валюта", "通貨", "货币",
    ),
    "reference": (
        "orderreference", "orderref", "ordernumber", "orderno", "ordernr", "orderid", "order", "reference",
        "invoicenumber", "invoiceno", "invoiceid", "invoice", "documentnumber", "documentno", "document",
        "receipt", "receiptnumber", "transactionid", "transactionnumber", "number",
        "rechnungsnummer", "rechnungsnr", "rechnung", "bestellnummer", "bestellnr", "auftragsnummer", "auftragsnr",
        "belegnummer", "belegnr", "beleg", "numerofacture", "numerodefacture", "facture", "numerocommande", "commande",
        "numerofactura", "numerodefactura", "factura", "pedido", "numeropedido", "numerofattura", "fattura",
        "ordine", "fatura", "factuurnummer", "factuur", "ordernummer", "bestelling", "numerfaktury", "faktura",
        "nrfaktury", "numerzamowienia", "zamowienie", "fakturanummer", "заказ", "номерзаказа", "ref",
    ),
    **PRODUCT_SYNONYMS,
})


def map_columns(headers):
    """Return {field: header} for the columns whose names say what they hold.

    A price is that of one piece where the file has quantities or amounts as well. Where it
    has neither, the price is what the customer paid: the amount.
    """
    mapping = find_columns(headers, SYNONYMS)
    if "price" in mapping and not {"amount", "quantity"} & set(mapping):
        mapping["amount"] = mapping.pop("price")
    return mapping
