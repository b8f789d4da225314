"""Tell thanks from everything else in what customers answer.

A short "Thank you!" after a complaint is over must not open it again; "Thanks, but it is still broken" must.
Words are looked up without accents, in the languages in which most customers write. What is neither clearly
thanks nor clearly more is left to a person.
"""

import re
import unicodedata

from lxml import html

from odoo.tools.mail import email_re, html_normalize

THANKS, UNCLEAR, MORE = "thanks", "unclear", "more"
# Whoever writes more than this beside the thanks has something to say.
FEW_WORDS = 8

BLOCKS = ("p", "div", "tr", "li", "ul", "ol", "pre", "table", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "section")
QUOTE_LINE = re.compile(r"^\s*(?:-{3,}\s*\S.*-{3,}|_{5,}|--)\s*$")
# "From: …" above "Sent: …", as mail programs begin what they quote.
QUOTE_HEADER = re.compile(
    r"^\W*(?:from|von|de|da|van|od|fra|från|lähettäjä|feladó|kimden|gönderen|expéditeur|от|від|от кого|από"
    r"|发件人|寄件者|差出人|送信者|보낸 사람)\W?\s?[:：]",
    re.IGNORECASE,
)
HEADER = re.compile(r"^\W*\w[\w ]{0,20}\W?\s?[:：]")
QUOTE_BEGIN = re.compile(r"\s*(?:on|am|le|el|il|em|op|w dniu|dnia|dne|den|d\.|a|в)\b", re.IGNORECASE)
WROTE = re.compile(
    r"\b(?:wrote|schrieb|écrit|escribió|scritto|escreveu|schreef|geschreven|napisał\(?a?\)?|pisze|napsal\(?a?\)?"
    r"|napísal\(?a?\)?|skrev|kirjoitti|írta|scris|yazdı|написал\(?а?\)?|пишет|написав|писал|έγραψε)\b.{0,120}[:：]\s*$"
    r"|(?:写道|寫道|のメール|작성)\s*[:：]\s*$",
    re.IGNORECASE,
)
SENT_FROM = re.compile(
    r"^\s*(?:sent (?:from|via|with)|von meinem .* gesendet|gesendet (?:von|mit)|envoyé (?:de|depuis|à partir)"
    r"|enviado desde|enviado do|enviado de|inviato da|verstuurd vanaf|verzonden (?:vanaf|met)|wysłan[eo] z|odesláno z"
    r"|odoslané z|skickat från|sendt fra|lähetetty|get outlook|outlook für|télécharger outlook|отправлено с)\b",
    re.IGNORECASE,
)
POSTSCRIPT = re.compile(r"^\s*p\.?\s?s\.?\b", re.IGNORECASE)
URL = re.compile(r"(?:https?://|www\.)\S+")
PHONE = re.compile(r"(?:tel|phone|fax|mobil|mobile|cell)?\.?:?\s*\+\d[\d\s()/.-]{5,}")
GOOD_SIGNS = "👍👌🙏😊🙂😀😃😄😁❤♥🎉💯✅🤝💐🥰"
WORD = re.compile(r"[^\W_]+(?:['’][^\W\d_]+)*")
SPACELESS = re.compile(r"[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]+")


def fold(text):
    """Return ``text`` in small letters, without accents."""
    text = unicodedata.normalize("NFKD", (text or "").casefold().replace("’", "'").replace("ł", "l").replace("ı", "i"))
    bare = "".join(letter for letter in text if not unicodedata.combining(letter))
    # Korean letters are taken apart above, and put together again here.
    return unicodedata.normalize("NFC", bare)


def _words(text):
    return frozenset(fold(text).split())


GRATITUDE = _words("""
    thanks thank thankyou thx tnx ty cheers grateful appreciate appreciated gratitude danke dank dankeschön
    vielendank merci bedanke dankbar remercie remercions remerciements mercis gracias agradezco agradecemos
    agradecido agradecida agradecidos grazie ringrazio ringraziamo ringraziamenti obrigado obrigada obrigados obg
    agradeço agradecido valeu bedankt dankjewel dankuwel dankje dziękuję dziękujemy dzięki dziękować děkuji děkuju
    děkujeme díky ďakujem ďakujeme vďaka tack tackar takk tak kiitos kiitoksia kiitän köszönöm köszönjük köszi
    köszönet kösz mulțumesc mulțumim mersi teşekkürler teşekkür ederim ederiz sağolun sağol спасибо благодарю
    благодарим благодарен дякую дякуємо благодаря благодарим мерси ευχαριστώ ευχαριστούμε hvala zahvaljujem
    zahvaljujemo хвала aitäh tänan paldies ačiū dėkoju شكرا شكرًا أشكركم תודה cảm ơn terima kasih makasih
""")
ASSENT = _words("""
    ok okay okey oke okej yes yep ja jo jawohl oui sí si sì sim tak ano áno igen kyllä да так ναι evet da fine
    good great perfect perfectly excellent super wonderful awesome fantastic brilliant lovely happy satisfied
    pleased
""")
CONTENT = ASSENT | _words("""
    solved resolved fixed sorted works working arrived received settled confirm confirmed confirmation done gut
    prima perfekt toll klasse bestens wunderbar hervorragend zufrieden erledigt gelöst behoben geklärt
    funktioniert geklappt klappt läuft angekommen erhalten passt einverstanden bestätige bestätigt parfait
    parfaite bien super génial excellente nickel résolu résolue réglé réglée fonctionne marche reçu reçue arrivé
    satisfait satisfaite accord confirme perfecto perfecta bueno bien excelente genial estupendo resuelto resuelta
    solucionado solucionada funciona recibido llegado llegó satisfecho satisfecha contento confirmo vale perfetto
    perfetta bene ottimo ottima eccellente risolto risolta funziona ricevuto arrivato soddisfatto soddisfatta
    confermo perfeito ótimo ótima bom resolvido resolvida funcionou recebido recebi chegou satisfeito confirmo
    goed prima perfect uitstekend fijn opgelost werkt ontvangen aangekomen tevreden akkoord top dobrze super
    świetnie doskonale rozwiązane rozwiązany działa dotarło dotarła otrzymałem otrzymałam zadowolony zadowolona
    potwierdzam dobře výborně skvělé skvěle perfektní vyřešeno funguje dorazilo spokojený spokojená v pořádku
    dobre výborne vyriešené bra perfekt toppen löst fungerar nöjd utmärkt fint flot løst virker tilfreds bra
    fungerer mottatt modtaget hyvä hyvin mahtavaa toimii kunnossa ratkaistu jó rendben tökéletes működik megoldva
    megoldódott bine perfect rezolvat rezolvată funcționează merge tamam güzel harika mükemmel çözüldü çalışıyor
    memnunum oldu хорошо отлично отлично решено решена работает получил получила получили доволен довольна супер
    добре чудово вирішено працює отримав отримала добре отлично решен работи καλά τέλεια λύθηκε λειτουργεί ωραία
    dobro odlično super riješeno rešeno radi deluje ممتاز تمام حسنا נהדר מצוין baik bagus
""")
# Who speaks of a "problem" is content only if it is "solved" too.
TOPIC = _words("""
    problem problems issue issues matter complaint error probleme problems fehler sache anliegen reklamation
    beschwerde problème problèmes souci réclamation problema problemas queja asunto reclamación problemi reclamo
    questione assunto reclamação probleem problemen klacht kwestie problemy sprawa reklamacja problém závada
    reklamace problemet ärendet saken ongelma asia probléma ügy sorun mesele проблема вопрос проблему πρόβλημα
""")
FILLER = _words("""
    a an the you your yours very much so many lot lots for of to and with it its it's is was are were be been has
    have had i i'm im we we're he she they my our me us this that these those all everything every now again
    really too also as well indeed just help helping assistance support quick quickly fast prompt promptly swift
    speedy kind kindly kindness friendly service reply response answer responding replying effort efforts time
    patience understanding information info message email mail update work job feedback solution attention
    everyone team folks guys both again day week weekend evening morning hello hi hey dear sir madam mr mrs ms
    nice best warm regards greetings wishes sincerely yours bye goodbye care take enjoy in advance million ton
    again at on by from up today once please yesterday parcel package replacement item order refund vielen
    herzlichen besten schönen lieben recht ganz sehr viel für die der das den dem ein eine einen einer ihre ihren
    ihrer ihnen euch eure dein deine du sie wir ich mich uns es ist war hat habe haben wurde und mit auch alles
    jetzt nun wieder nochmals nochmal noch so dann schnelle schnellen schneller rasche raschen prompte prompten
    gute guten hilfe unterstützung antwort rückmeldung lösung bearbeitung mühe service info information nachricht
    mail hallo guten tag morgen abend liebe lieber sehr geehrte geehrter damen herren herr frau grüße gruß grüßen
    freundliche freundlichen freundlicher viele mfg lg vg beste schöne schönes schönen wochenende ersatz paket
    heute gestern im voraus beaucoup mille infiniment vous votre vos pour le la les l' un une de des du et avec
    c'est est a été tout tous ça cela maintenant je nous j'ai très bien rapide rapidité réponse aide retour
    service gentillesse bonjour bonsoir madame monsieur cordialement salutations encore fois bonne journée soirée
    cher chère merci à vous d'accord muchas muchísimas mil por su tu vuestra vuestro la el los las un una de y con
    es está ha sido todo ahora ya me nos le les muy rápida rápido respuesta ayuda atención servicio gestión hola
    buenos buenas días tardes estimado estimada señor señora saludos saludo cordiales cordial mille tante molte
    ancora per la il lo gli le un una di e con è stato stata tutto tutti ora adesso ho abbiamo molto vostra vostro
    suo sua risposta aiuto assistenza servizio rapida veloce velocissimi buongiorno buonasera gentile saluti
    cordiali distinti muito muita pela pelo o os as um uma e com é foi tudo agora já sua seu vossa resposta ajuda
    apoio rápida rápido atendimento olá bom dia boa tarde noite cumprimentos atenciosamente abraço hartelijk veel
    erg heel voor de het een en met is was alles nu weer u uw jullie je snelle snel reactie antwoord hulp service
    hallo beste nogmaals tot ziens geachte groet groeten vriendelijke met vr gr dag fijne bardzo serdecznie za
    pomoc szybką szybka odpowiedź i z to jest już wszystko teraz pan pani państwu dzień dobry witam pozdrawiam
    pozdrowienia miłego dnia jeszcze raz moc mnohokrát ještě jednou velice velmi za pomoc rychlou rychlé odpověď
    vyřízení a s to je už vše teď dobrý den zdravím pozdravem pěkný veľmi pekne rýchlu deň så mycket för hjälpen
    hjälp snabba snabbt svar och med det är allt nu hej vänliga hälsningar mvh ha en trevlig dag mange tusind
    tusen for hjælpen hjelpen hjælp hjelp hurtige raske svar og med det er alt nå nu hei vennlig hilsen venlig ha
    god paljon avusta nopeasta vastauksesta kaikki nyt on hei terveisin ystävällisin szépen nagyon a az segítséget
    segítségét gyors választ minden most és kedves üdvözlettel szia mult frumos pentru ajutor răspuns rapid și cu
    este totul acum bună ziua stimate salutări çok ederim her şey için yardımınız hızlı yanıt ve ile bu şimdi
    merhaba sayın iyi günler saygılarımla большое огромное ещё раз вам вас за помощь быстрый быстрое ответ решение
    и с это все всё уже теперь здравствуйте добрый день уважением очень дуже вам за допомогу швидку відповідь
    вітаю день много ви за бърз отговор помощта πολύ για τη βοήθεια την το και με είναι όλα τώρα καλημέρα γεια
    puno lijepa lepa vam na za pomoć pomoč brz odgovor i s sve to je sada pozdrav lijep poštovani جزيلا لكم لك على
    جدا רבה לכם nhiều sekali banyak
""")
# A plain No. With thanks and nothing else it may be either.
PLAIN_NO = _words("no nein non não nao nee nie ne nej nei ei nem hayır нет ні не όχι")
NEGATIVE = PLAIN_NO | _words("""
    not but still however although though yet broken never nothing none neither nor without unfortunately sadly
    missing wrong cannot can't cant couldn't didn't didnt doesn't doesnt don't dont isn't isnt aren't wasn't
    weren't won't wouldn't hasn't haven't shouldn't stop stops stopped unhappy unsatisfied dissatisfied
    disappointed disappointing bad worse worst fail fails failed failing faulty defective damaged leaking stuck
    waiting wait another else except unless until when why unresolved unsolved incomplete incorrect late delay
    delayed refuse refused poor terrible useless ridiculous lawyer reopen aber jedoch doch leider nicht nichts
    kein keine keinen keiner niemand nie kaputt defekt fehlt fehlen falsch allerdings trotzdem dennoch erneut
    beschädigt unzufrieden ungelöst warten warte wann warum ausser mais toujours pas jamais rien aucun aucune sans
    cassé cassée malheureusement manque défectueux défectueuse hélas cependant pourtant quand pourquoi insatisfait
    pero todavía aún sigue nunca nada ninguno ninguna sin roto rota falta mal embargo desgraciadamente
    lamentablemente cuándo tampoco ma non mai niente nulla nessun nessuno senza rotto rotta manca purtroppo però
    tuttavia quando perché mas ainda nunca nada nenhum nenhuma sem quebrado falta infelizmente porém contudo maar
    nog niet nooit niets geen zonder kapot ontbreekt helaas echter toch steeds wanneer waarom ale jednak nadal
    wciąż nic brak brakuje zepsuty zepsuta niestety uszkodzony uszkodzona kiedy dlaczego bez avšak stále pořád
    nikdy nic chybí rozbitý rozbité bohužel nefunguje nejde bez kdy proč stále bohužiaľ chýba men fortfarande inte
    aldrig inget ingen trasig saknas tyvärr dock utan fortsatt ikke aldri ingenting mangler dessverre desværre
    stadig ødelagt mutta vieläkään edelleen mitään rikki puuttuu valitettavasti eivät toimi még mindig nincs
    sajnos hiányzik törött rossz încă niciodată nimic lipsește stricat păcate ama fakat hâlâ hala değil yok bozuk
    eksik maalesef çalışmıyor olmadı но однако всё-таки сих никогда ничего сломан сломана сломано жаль сожалению
    але досі нема ще обаче още αλλά όμως ακόμα δεν δυστυχώς χαλασμένο λείπει ali još nije nažalost fali nedostaje
    pokvareno vendar še žal لكن لا ليس لم مازال אבל לא עדיין tetapi tidak belum masih nhưng không
""")
# What says by "no" or "but" that all is well.
HARMLESS_NO = re.compile(
    r"\b(?:no (?:(?:more|further|other) )?(?:problems?|issues?|questions?|worries|complaints?)"
    r"|nothing (?:else|more|further)"
    r"|keine? (?:(?:weiteren?|anderen?) )?(?:probleme?|fragen|ursache)(?: mehr)?"
    r"|(?:pas de|aucune?|plus de) (?:problemes?|soucis?|questions?)|ningun problema|sin problemas?|no hay de que"
    r"|nessun problema|(?:nenhum|sem) problemas?|geen (?:probleem|problemen|vragen)(?: meer)?|ing(?:a|en) problem"
    r"|zaden problem|nie ma problemu|nema problema|нет проблем|не за что|nie ma za co|nichts zu danken"
    r"|de nada|de rien|di niente"
    r"|(?:without|ohne|sans|senza|zonder|bez) (?:any )?(?:problem[aeinsuy]*|probleem|issues?|soucis?)"
    r"|mais uma vez|(?:una vez|nada) mas|inca o data|още веднъж|can(?:'t|not) thank you enough|do(?:n't| not) worry)\b"
)
SPACELESS_THANKS = (
    "ありがとうございました", "ありがとうございます", "ありがとう", "感謝します", "感謝", "谢谢你们", "谢谢您",
    "谢谢你", "谢谢", "謝謝您", "謝謝你", "謝謝", "感谢您", "感谢", "多谢", "多謝", "감사합니다",
    "감사드립니다", "고맙습니다", "감사", "ขอบคุณครับ", "ขอบคุณค่ะ", "ขอบคุณมาก", "ขอบคุณ",
)
SPACELESS_FILLER = (
    "どうも", "本当に", "大変", "解決しました", "問題は", "お世話になりました", "了解しました", "承知しました",
    "非常", "十分", "问题", "已解决", "解决了", "問題", "已解決", "解決了", "您的", "你的", "你们的", "帮助",
    "幫助", "收到", "好的", "的", "了", "정말", "매우", "해결되었습니다", "도움", "มาก", "ครับ", "ค่ะ",
)
# "Nu" is "now" in some languages, and "not" in Romanian.
NOT_IN_ROMANIAN = re.compile(r"\bnu (?:mai |a |am |s-a )?(?:merge|functioneaza|este|e|rezolvat|primit|ajuns)\b")
# Lines that end what somebody writes; what follows is who they are.
CLOSING_LINES = """
    regards | best regards | kind regards | warm regards | best | best wishes | many thanks and best regards |
    sincerely | yours sincerely | yours faithfully | cheers | mit freundlichen grüßen | mit freundlichem gruß |
    freundliche grüße | viele grüße | beste grüße | liebe grüße | herzliche grüße | schöne grüße | grüße |
    gruß | mfg | lg | vg | cordialement | bien cordialement | salutations | bien à vous |
    sincères salutations | saludos | un saludo | saludos cordiales | atentamente | cordiales saludos |
    cordiali saluti | distinti saluti | saluti | un saluto | atenciosamente | com os melhores cumprimentos |
    cumprimentos | abraços | met vriendelijke groet | met vriendelijke groeten | groeten | groet | mvg |
    pozdrawiam | z poważaniem | pozdrawiam serdecznie | s pozdravem | s pozdravom | med vänliga hälsningar |
    vänliga hälsningar | mvh | med venlig hilsen | venlig hilsen | med vennlig hilsen | vennlig hilsen |
    hilsen | ystävällisin terveisin | terveisin | üdvözlettel | cu stimă | o zi bună | saygılarımla |
    с уважением | з повагою | с уважение | με εκτίμηση | lijep pozdrav | lep pozdrav | s poštovanjem
"""
CLOSINGS = frozenset(fold(line).strip() for line in CLOSING_LINES.split("|"))


def written_text(body):
    """Return what the sender of an e-mail or message wrote now, as text: without quotes and signature."""
    if not (body or "").strip():
        return ""
    # Odoo marks what is quoted; an empty comment makes a text alone a fragment of HTML too.
    root = html.fromstring(f"<div>{html_normalize(str(body))}</div>")
    for node in root.xpath("//*[@data-o-mail-quote] | //blockquote | //style | //script | //comment()"):
        if node.getparent() is not None:
            node.drop_tree()
    for node in root.iter(*BLOCKS, "br"):
        node.tail = "\n" + (node.tail or "")
        if node.tag != "br":
            node.text = "\n" + (node.text or "")
    return "\n".join(_own_lines(root.text_content().replace("\xa0", " ").splitlines()))


def _own_lines(lines):
    """Return the lines above what is quoted, without the signature; a postscript below it counts."""
    own, signed = [], False
    for number, line in enumerate(lines):
        if line.lstrip().startswith(">"):
            continue
        if _quotes_below(lines[number:number + 3]):
            break
        if SENT_FROM.match(line) or (signed and not POSTSCRIPT.match(line)):
            continue
        signed = fold(line).strip(" ,.!-–") in CLOSINGS
        own.append(line)
    return own


def _quotes_below(lines):
    """Tell whether the first of these lines begins what is quoted of another message."""
    line = lines[0]
    if QUOTE_LINE.match(line) or WROTE.search(line):
        return True
    if len(lines) > 1 and QUOTE_HEADER.match(line) and HEADER.match(lines[1]):
        return True
    # Programs break "On Monday, somebody wrote:" into two lines or three.
    begins = QUOTE_BEGIN.match(line) and re.search(r"\d", line)
    return bool(begins) and any(WROTE.search(" ".join(lines[:count])) for count in (2, 3))


def read_answer(body, names=(), files=False):
    """Return what a customer's answer is: THANKS, UNCLEAR or MORE.

    :param body: HTML of the message
    :param names: texts with names that say nothing: of the sender, of those who are thanked, a number
    :param files: whether files came with it
    """
    text = written_text(body)
    text = PHONE.sub(" ", URL.sub(" ", email_re.sub(" ", text)))
    if not text.strip():
        return MORE if files else UNCLEAR
    if re.search(r"[?？؟]", text):
        return MORE
    text = HARMLESS_NO.sub(" ok ", fold(text))
    text, spaceless = _take_spaceless(text)
    words = WORD.findall(text)
    known = {word for name in names for word in WORD.findall(fold(name))} - NEGATIVE - TOPIC
    words = [word for word in words if word not in known]
    thanked = any(word in GRATITUDE for word in words) or spaceless
    content = any(word in CONTENT for word in words) or any(sign in body for sign in GOOD_SIGNS)
    negative = [word for word in words if word in NEGATIVE and word not in CONTENT and word not in GRATITUDE]
    # "OK" alone solves no problem.
    solved = any(word in CONTENT - ASSENT for word in words)
    negative += [word for word in words if word in TOPIC and not solved]
    negative += NOT_IN_ROMANIAN.findall(text)
    rest = [word for word in words if word not in GRATITUDE | CONTENT | FILLER | TOPIC | NEGATIVE]
    if negative:
        plain = thanked and not rest and all(word in PLAIN_NO for word in negative) and not content
        return UNCLEAR if plain else MORE
    if not thanked and not content:
        return MORE if rest else UNCLEAR
    if not rest:
        return MORE if files else THANKS
    return UNCLEAR if len(rest) <= FEW_WORDS else MORE


def _take_spaceless(text):
    """Return ``text`` without the thanks in languages that write no spaces, and whether there were any.

    What else stands there in such a language becomes one word that is known to nobody.
    """
    if not SPACELESS.search(text):
        return text, False
    found = False
    for phrase in map(fold, SPACELESS_THANKS):
        found = found or phrase in text
        text = text.replace(phrase, " ")
    for phrase in map(fold, SPACELESS_FILLER):
        text = text.replace(phrase, " ")
    # As long as many words: how many they are nobody can tell without spaces.
    return SPACELESS.sub(lambda match: " x" * len(match[0]) + " ", text), found
