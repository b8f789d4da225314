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
        "emailid", "billingemail", "buyeremail",
        "emailadresse", "mailadresse", "emailkunde", "kundenemail", "kundenmail", "adresseemail", "adressemail",
        "adressemel", "mel", "courriel", "adressecourriel", "courrielclient", "emailclient", "mailclient",
        "adresseelectronique", "correo", "correoelectronico", "direccioncorreo", "direcciondecorreo",
        "direcciondecorreoelectronico", "direccionemail", "emailcliente", "correocliente", "correodelcliente",
        "mailcliente", "indirizzoemail", "indirizzomail", "postaelettronica", "indirizzodipostaelettronica",
        "emailadres", "mailadres", "emailklant", "klantemail", "enderecoemail", "enderecodeemail",
        "correioelectronico", "correioeletronico", "enderecoeletronico", "epost",
        "почта", "элпочта", "электроннаяпочта", "адресэлектроннойпочты", "электронныйадрес", "эладрес", "емейл",
        "имейл", "емайл", "елпошта", "електроннапошта", "адресаелектронноїпошти", "електроннаадреса", "пошта",
        "імейл", "емейлклієнта", "电子邮件", "电子邮箱", "电子邮件地址", "邮箱", "邮箱地址", "邮件", "电邮",
        "電子郵件", "電子信箱", "電子郵件地址", "電子郵箱", "信箱", "電郵", "郵箱",
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
        "kundin", "auftraggeber", "raisonsociale", "acheteur", "societe", "nom", "razonsocial", "comprador", "empresa",
        "ragionesociale", "acquirente", "azienda", "naamklant", "naamvandeklant", "bedrijf", "bedrijfsnaam", "afnemer",
        "nomedocliente", "razaosocial", "заказчик", "контрагент", "имяклиента", "наименованиеклиента",
        "названиеклиента", "клієнт", "покупець", "замовник", "імяклієнта", "назваклієнта", "имяпокупателя",
        "zakaznik", "ugyfel", "vevo", "musteri", "顧客名", "客户", "客戶", "客户名称", "客戶名稱", "客户姓名",
        "客戶姓名", "客户名", "客戶名", "顾客", "顧客", "顾客姓名", "顧客姓名", "买家", "買家", "고객",
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


def _plain(header):
    return re.sub(r"[\W_]+", "", remove_accents(header).lower())


PLAIN_SYNONYMS = {field: tuple(map(_plain, synonyms)) for field, synonyms in SYNONYMS.items()}


def map_columns(headers):
    """Return {field: header} for the columns whose names say what they hold.

    A price is that of one piece where the file has quantities or amounts as well. Where it
    has neither, the price is what the customer paid: the amount.
    """
    plain = {}
    # A remark in parentheses or after a comma, such as the currency, is not part of the name; nor is the name of the
    # table.
    for remark in ("", r"[(\[].*?[)\]]", r",.*$", r"^(order|invoice)[ _]?lines?[/.]"):
        for header in headers:
            plain.setdefault(_plain(re.sub(remark, "", header, flags=re.IGNORECASE) if remark else header), header)
    plain.pop("", None)
    mapping, used = {}, set()
    for field in FIELDS:
        for synonym in PLAIN_SYNONYMS[field]:
            header = plain.get(synonym)
            if header and header not in used:
                mapping[field] = header
                used.add(header)
                break
    if "price" in mapping and not {"amount", "quantity"} & set(mapping):
        mapping["amount"] = mapping.pop("price")
    return mapping
