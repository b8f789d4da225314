"""What the columns of a file hold, told by their names."""

import re

from odoo.tools import remove_accents

CUSTOMER_FIELDS = ("ref", "email", "vat", "name")
# Names of columns in order of preference, without case, accents, spaces and signs.
CUSTOMER_SYNONYMS = {
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
}
PRODUCT_SYNONYMS = {
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


def plain_header(header):
    """Return the name of a column without case, accents, spaces and signs."""
    return re.sub(r"[\W_]+", "", remove_accents(header).lower())


def plain_synonyms(synonyms):
    """Return {field: names} with names as ``plain_header`` writes them."""
    return {field: tuple(map(plain_header, names)) for field, names in synonyms.items()}


def find_columns(headers, synonyms):
    """Return {field: header} for the columns whose names say what they hold.

    :param dict synonyms: {field: names}, see ``plain_synonyms``; of two fields with one name the first gets the column
    """
    plain = {}
    # A remark in parentheses or after a comma, such as the currency, is not part of the name; nor is the name of the
    # table.
    for remark in ("", r"[(\[].*?[)\]]", r",.*$", r"^(order|invoice)[ _]?lines?[/.]"):
        for header in headers:
            name = re.sub(remark, "", header, flags=re.IGNORECASE) if remark else header
            plain.setdefault(plain_header(name), header)
    plain.pop("", None)
    mapping, used = {}, set()
    for field, names in synonyms.items():
        for name in names:
            header = plain.get(name)
            if header and header not in used:
                mapping[field] = header
                used.add(header)
                break
    return mapping
