import base64

from odoo.tests import tagged

from .purchase_import_case import PurchaseImportCase

NAMES = {
    "cp1250": ("Łukasz Żółć", "Małgorzata Wiśniewska", "Jiří Dvořák"),
    "iso-8859-2": ("Stanisław Źrebiec", "Michał Wójcik", "Grażyna Dąbrowska"),
    "cp852": ("Růžena Černá", "Tomáš Němec", "Žaneta Šťastná"),
    "cp1251": ("Иванов Иван", "Ольга Щербакова", "Москва Торг"),
    "koi8-r": ("Иванов Иван", "Пётр Сидоров", "Ольга Щербакова"),
    "cp866": ("Иванов Иван", "Пётр Сидоров", "Ольга Щербакова"),
    "cp1253": ("Γιώργος Παπαδόπουλος", "Μαρία Νικολάου"),
    "cp1254": ("Ayşe Yılmaz", "Gökhan Şahin", "İbrahim Çağlar"),
    "cp1257": ("Jonas Žukauskas", "Rūta Šimkutė", "Jānis Bērziņš"),
    "cp874": ("บริษัท สยาม", "สมชาย ใจดี"),
    "cp1252": ("François Lefèvre", "Jürgen Groß", "José Muñoz"),
    "cp850": ("Müller", "Jäger Söhne", "François Lefèvre"),
    "cp437": ("Müller", "Jäger Söhne", "Köln Großhandel"),
    "mac_roman": ("Hélène Côté", "François Lefèvre", "Noël Anaïs"),
    "cp932": ("株式会社山田", "佐藤花子", "ヤマダ電機"),
    "gb18030": ("北京科技有限公司", "上海贸易公司"),
    "big5": ("臺北科技股份有限公司", "張偉"),
    "euc-kr": ("김철수", "서울전자", "이영희"),
}


@tagged("post_install", "-at_install")
class TestPurchaseEncoding(PurchaseImportCase):
    """Files in code pages: no customer gets a name that nobody has."""

    def _content(self, names, encoding):
        lines = ["Customer;Date;Amount", *(f"{name};2024-01-02;{row},50" for row, name in enumerate(names, 1))]
        return "\r\n".join(lines).encode(encoding)

    def test_code_pages_are_told_by_their_words(self):
        for encoding, names in NAMES.items():
            with self.subTest(encoding=encoding):
                job = self._model()._make_job(self.company, self._content(names, encoding), {})
                read = [row["name"] for row in job.preview(10)]
                self.assertEqual(read, list(names), job.file.encoding)

    def test_created_customers_have_their_names(self):
        for encoding in ("cp1250", "cp1251"):
            self._import(self._content(NAMES[encoding], encoding), create_customers=True)
            self.assertEqual(
                sorted(self._purchases().partner_id.mapped("name")), sorted(NAMES[encoding])
            )
            self._purchases().unlink()

    def test_given_code_page(self):
        names = ("Ждан",)
        result = self._import(self._content(names, "koi8-r"), encoding="koi8-r", create_customers=True)
        self.assertEqual(result.imported, 1)
        self.assertEqual(self._purchases().partner_id.name, "Ждан")

    def test_screen_shows_the_names_and_asks(self):
        manager = self._user("sales_team.group_sale_manager")

        def preview(names, written, **values):
            wizard = self._model(manager).create({
                "file": base64.b64encode(self._content(names, written)), "file_name": "shop.csv", **values,
            })
            wizard.action_read()
            return wizard.preview_html

        clear = preview(NAMES["cp1250"], "cp1250")
        self.assertIn("Encoding used: Central European (Windows 1250). Check these words: Łukasz Żółć", clear)
        # One word that is good Spanish in one code page and good Polish in the other.
        unclear = preview(["Toruñ"], "cp1252")
        self.assertIn("is not certain", unclear)
        self.assertIn("It is read as Western European (Windows 1252). Check these words: Toruñ", unclear)
        chosen = preview(["Toruñ"], "cp1252", encoding="cp1250")
        self.assertIn("Encoding used: Central European (Windows 1250). Check these words: Toruń", chosen)
        self.assertNotIn("not certain", chosen)
        self.assertNotIn("Encoding used", preview(["Zoë"], "utf-8"))
        self.assertNotIn("Encoding used", preview(["Zoe"], "cp1252"))

    def test_every_code_page_of_the_screen_can_be_read(self):
        for encoding, label in self._model()._fields["encoding"].selection:
            if encoding != "detect" and not encoding.startswith("utf-16"):
                with self.subTest(encoding=label):
                    result = self._import(b"ref,date,amount\nZ,2024-01-02,1", encoding=encoding, dry_run=True)
                    self.assertEqual(result.rows, 1)
