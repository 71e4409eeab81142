"""The words of what stops a sale: which words of a blocker speak of which cause, in four languages (F33).

Written as those of `rituals.trade_words`. The first cause whose words a text has most of gives a theme its name.
"""

from typing import NamedTuple


class Cause(NamedTuple):
    """A cause as a theme is called by it, and the words that speak of it."""

    name: str
    said: str


CAUSES = (
    Cause("Legal turnaround", "legal lawyer* counsel rechtsabt* jurist* anwalt* abogad* juridi*"),
    Cause("NDAs", "nda ndas geheimhalt* non+disclosure nondisclosure confiden*"),
    Cause(
        "Contract wording",
        "contract* *vertrag vertrag* clause* klausel* redline* markup mark+up contrat* dpa msa sla template*",
    ),
    Cause(
        "Security reviews",
        "secur* infosec pentest pen+test soc iso questionn* sicherheits* fragebog* segurid* securit* assess*",
    ),
    Cause("Discounts", "discount* rabatt* *rabatt nachlas* descuent* remise*"),
    Cause("Approvals", "approv* sign+off freigab* freigegeb* genehmig* aprob*"),
    Cause("Delivery dates", "deliver* liefer* dispo disposition livrais* entrega* lead+time *termin *terminen"),
    Cause("Costing", "kalk kalkul* costing estimat* calculat* cotiza* chiffrage*"),
    Cause("Quotes", "quote* quotation* angebot* offer* devis presupuest*"),
    Cause("Credit checks", "credit kredit* bonitat* solven* creditworth*"),
    Cause("Demo systems", "demo demos sandbox vorfuhr* testsystem* tenant"),
    Cause("CRM data", "crm salesforce hubspot revops rev+ops duplicat* dublett*"),
    Cause("Prices", "price* pricing pric preis* tarif* rate rates raten konditionen precio* prix pricelist*"),
    Cause("Samples", "sample* muster* probe proben muestra* echantillon*"),
    Cause("Product data", "listing* listung* stammdat* gtin* datasheet* data+sheet* datenblatt*"),
    Cause("Marketing money", "promo promos promoti* aktion* werbe* budget* flyer"),
    Cause(
        "Technical people",
        "sales+engineer* solution*+engineer* engineer*+capacity se presales technical+person vorvertrieb",
    ),
    Cause("Trial licences", "poc pocs proof+of+concept licen* lizenz* trial+key evaluation* testlizenz*"),
    Cause("Partners", "partner* reseller* channel deal+reg deal+registration handler* distribut*"),
    Cause("Claims", "claim* schaden* damage* reklam* *schaden siniestr* sinistre*"),
    Cause("Certificates", "certif* zertif* conform* regulator*"),
    Cause("Invoices", "invoic* rechnung* gutschrift* credit+note billing factur*"),
    Cause("Compliance checks", "complian* geldwasche* aml"),
    Cause("References", "case+stud* referenc* referenz* customer+stor* success+stor* testimonial*"),
    Cause("Executives", "exec execs executiv* sponsor* vorstand* vp ceo direccion direction"),
    Cause("Product bugs", "bug bugs fehler* crash* absturz* defect* schnittstell* fix"),
    Cause("Availability", "availab* verfugbar* lieferbar* ausverkauft out+of+stock"),
    Cause("Training", "train* schulung* onboard* einweis* formac*"),
    Cause("Computers", "laptop* vpn notebook* rechner computer* drucker* printer*"),
)
