"""What the columns of a file of purchases hold, told by their names."""

import re

from odoo.tools import remove_accents

CUSTOMER_FIELDS = ("ref", "email", "vat", "name")
FIELDS = (
    *CUSTOMER_FIELDS, "country", "date", "amount", "quantity", "price", "margin", "cost", "currency", "reference",
    "product", "product_name",
)
# Header names in order of preference, without case, accents, spaces and signs.
SYNONYMS = {
    "ref": (
        "customerreference", "customerref", "customernumber", "customerno", "customernr", "customercode",
        "customerid", "clientreference", "clientref", "clientnumber", "clientno", "clientid", "clientcode",
        "partnerref", "partnerreference", "partnerid", "accountnumber", "accountno", "accountid", "custid",
        "custno", "debtor", "debtornumber", "userid", "memberid", "internalreference",
        "kundennummer", "kundennr", "kdnr", "kundenid", "debitor", "debitornr", "numeroclient", "noclient",
        "codeclient", "numerodecliente", "numerocliente", "codigocliente", "codigodecliente", "codicecliente",
        "klantnummer", "klantnr", "klantcode", "numerklienta", "nrklienta", "kodklienta", "kundnummer", "kundenummer",
        "kundenr", "кодклиента", "номерклиента", "ref",
    ),
    "email": (
        "email", "emailaddress", "customeremail", "clientemail", "mail", "mailaddress", "contactemail",
        "emailadresse", "adresseemail", "courriel", "correo", "correoelectronico", "emailadres", "epost", "почта",
    ),
    "vat": (
        "vat", "vatnumber", "vatno", "vatid", "taxid", "taxnumber", "tin", "customervat", "customertaxid",
        "gstin", "gstnumber", "ustid", "ustidnr", "umsatzsteuerid", "numerotva", "nif", "cif", "partitaiva", "piva",
        "btwnummer", "nip", "cnpj", "инн",
    ),
    "name": (
        "customername", "customer", "clientname", "client", "partner", "partnername", "companyname", "company",
        "name", "fullname", "buyer", "accountname", "account", "soldto", "billto",
        "kundenname", "kunde", "firma", "nomclient", "nomduclient", "nombrecliente", "nombredelcliente", "cliente",
        "nomecliente", "klantnaam", "klant", "nazwaklienta", "klient", "kund", "kundenavn", "клиент", "покупатель",
        "zakaznik", "ugyfel", "vevo", "musteri", "顧客名", "客户", "客戶", "고객",
    ),
    "country": (
        "country", "countryname", "countrycode", "customercountry", "billingcountry", "shippingcountry",
        "shiptocountry", "land", "pays", "pais", "paese",
        "kraj", "zeme", "krajina", "orszag", "tara", "ulke", "страна", "国", "国家", "國家", "국가",
    ),
    "date": (
        "date", "orderdate", "purchasedate", "invoicedate", "saledate", "salesdate", "transactiondate",
        "dateorder", "documentdate", "day", "createdat", "orderedat", "purchasedat", "timestamp",
        "datum", "rechnungsdatum", "bestelldatum", "auftragsdatum", "kaufdatum", "belegdatum", "datefacture",
        "datedefacture", "datecommande", "datedecommande", "dateachat", "fecha", "fechafactura", "fechadefactura",
        "fechapedido", "data", "datafattura", "dataordine", "datafatura", "datapedido", "factuurdatum", "orderdatum",
        "datazamowienia", "datafaktury", "datasprzedazy", "dato", "fakturadato", "fakturadatum", "дата", "tarih",
        "日付", "日期", "날짜",
    ),
    "amount": (
        "amount", "amountuntaxed", "untaxedamount", "netamount", "net", "subtotal", "linetotal", "lineamount",
        "total", "totalamount", "revenue", "sales", "turnover", "value", "dollarvalue", "orderamount", "ordertotal",
        "invoiceamount", "grandtotal", "totalprice", "spend", "salesamount", "netsales", "extendedprice",
        "extendedamount",
        "betrag", "nettobetrag", "netto", "summe", "gesamt", "gesamtbetrag", "umsatz", "montant", "montantht",
        "totalht", "importe", "importeneto", "importo", "imponibile", "totale", "valor", "valortotal", "bedrag",
        "omzet", "totaal", "kwota", "kwotanetto", "wartosc", "wartoscnetto", "razem", "beløb", "beløp", "summa",
        "сумма", "tutar", "osszeg", "castka", "金額", "金额", "금액",
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
    "product": (
        "stockcode", "sku", "skucode", "productcode", "productid", "productno", "productnumber", "productref",
        "productreference", "itemcode", "itemno", "itemnumber", "itemid", "articlecode", "articleno",
        "articlenumber", "partnumber", "partno", "materialnumber", "lineitemsku",
        "barcode", "ean", "gtin", "upc", "asin",
        "artikelnummer", "artikelnr", "artnr", "artikelcode", "produktnummer", "codearticle", "referencearticle",
        "codeproduit", "codigoproducto", "codigodeproducto", "codicearticolo", "codiceprodotto", "codigoproduto",
        "kodproduktu", "kodtowaru", "varenummer", "varenr", "артикул", "item", "article", "artikel", "product",
    ),
    "product_name": (
        "productname", "itemname", "articlename", "producttitle", "lineitemname",
        "itemdescription", "productdescription",
        "description", "product", "item", "article", "producto", "prodotto", "produto", "produit", "produkt",
        "artikelbezeichnung", "produktname", "bezeichnung", "beschreibung", "artikel", "libelle", "designation",
        "nomproduit", "descripcion", "descrizione", "descricao", "articulo", "articolo", "omschrijving",
        "productnaam", "nazwaproduktu", "nazwatowaru", "towar", "produktnavn", "produktnamn", "benamning", "vare",
        "товар", "наименование", "номенклатура", "nazev", "megnevezes", "商品名", "商品", "产品", "產品", "상품명",
    ),
}


def map_columns(headers):
    """Return {field: header} for the columns whose names say what they hold.

    A price is that of one piece where the file has quantities or amounts as well. Where it
    has neither, the price is what the customer paid: the amount.
    """
    plain = {}
    # A remark in parentheses, such as the currency, is not part of the name; nor is the name of the table.
    for remark in ("", r"[(\[].*?[)\]]", r"^(order|invoice)[ _]?lines?[/.]"):
        for header in headers:
            plain.setdefault(_plain(re.sub(remark, "", header, flags=re.IGNORECASE) if remark else header), header)
    plain.pop("", None)
    mapping, used = {}, set()
    for field in FIELDS:
        for synonym in SYNONYMS[field]:
            header = plain.get(_plain(synonym))
            if header and header not in used:
                mapping[field] = header
                used.add(header)
                break
    if "price" in mapping and not {"amount", "quantity"} & set(mapping):
        mapping["amount"] = mapping.pop("price")
    return mapping


def _plain(header):
    return re.sub(r"[\W_]+", "", remove_accents(header).lower())
