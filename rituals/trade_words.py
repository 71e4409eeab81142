"""The words of the trade: which words in a result speak for which kind of number, in four languages (F6).

Written without accents and in lower case, as `rituals.words` reads a text. `sign*` is any word that begins so,
`*vertrag` any that ends so, and `close+date*` needs both of its words.
"""

from typing import NamedTuple


class Kind(NamedTuple):
    """A kind of number: the words that a KPI's name knows it by, and the words of results that move it."""

    name: str
    said: str


KINDS = (
    Kind(
        name="renewal* retention verlanger* renov* renouvel* reconduc*",
        said="renew* extend* extension* stay* another+year downgrade* cancel* slipped churn* save cut verlanger*"
        " bleib* kundig* renov* prolong* prorrog* reconduc* reste* resili* baja",
    ),
    Kind(
        name="churn* attrition cancel* abwander* kundig* baja* resili*",
        said="cancel* churn* risk save* saved leav* left lose* stay* winback downgrade* renew* kundig* bleib*"
        " abwander* baja* resili* reste*",
    ),
    Kind(
        name="expansion upsell* cross+sell* upgrade* ausbau",
        said="expand* expansion seat* addon add upgrade* premium upsell* extra second rollout wide more additional"
        " licen* lizenz* erweiter* ampli* asientos",
    ),
    Kind(
        name="onboarding implementation golive activation einfuhrung",
        said="onboard* kickoff live import* train* setup sso admin* migrat* user* go+live handover configur* einfuhr*"
        " schul* formation",
    ),
    Kind(
        name="forecast* prognose* prevision*",
        said="forecast* commit* best+case close+date* slip* push* accura* prognos* prevision* quarter month+end scrub"
        " miss probabilit* wahrscheinlich* call+number",
    ),
    Kind(
        name="answer* response* reply* ticket* support reaktion* antwort* respuesta* reponse* complaint* reklamation*",
        said="ticket* reply replies replied answer* question* response* respond* queue inbox backlog oldest older"
        " hour* wait* macro complaint* reklam* anfrage* antwort* frage* respuesta* pregunta* repond* reponse*"
        " reclam* queja*",
    ),
    Kind(
        name="lead* mql* sql* interessent*",
        said="lead* mql* sql* webinar* fair dial* inbound linkedin whitepaper* website event* campaign* qualif*"
        " prospect* messe* anruf* feria llamada* salon* newsletter",
    ),
    Kind(
        name="demo demos vorfuhrung* demostrac* demonstrat*",
        said="demo demos show* walkthrough present* vorfuhr* prasent* demostra* demonstra*",
    ),
    Kind(
        name="trial* conversion* test*",
        said="trial* convert* conver* paid paying signup* test* prueba* essai*",
    ),
    Kind(
        name="pipeline opportunit* coverage opp opps chancen",
        said="meeting* discovery intro* second+meeting second+call next+step budget cold account* prospect* opp opps"
        " opportunit* pipeline qualif* rfp pilot coverage target* mapping list handover handed termin* kaltanruf*"
        " erstgesprach* bedarf* reunion* cita* rendez* rdv visit*",
    ),
    Kind(
        name="listing* distribution doors listung* referenc* alta*",
        said="lists listed listing* store* shelf planogra* assortment buyer compradora range region sku* gelistet"
        " filiale* referenc* ficha tienda* alta lineal magasin* linear takes",
    ),
    Kind(
        name="sell+through sell+out velocity rotation abverkauf rotac*",
        said="sell* sold promo* tasting* sampl* display* stand* aisle shop* rotati* rotac* vendi* vendu* degust*"
        " verkost* aktion*",
    ),
    Kind(
        name="margin* marge* margen price* pricing preis* precio* prix discount* rabatt* descuento* remise*",
        said="margin* price* pricing cost* discount* disc rebate* surcharge percent list+price bonus free rabatt*"
        " nachlass preis* marge* margen precio* subida descuento* hausse remise* prix increase",
    ),
    Kind(
        name="days+pay dso collect* receivable* overdue cash forderung* cobro* impay* recouvr* invoice*",
        said="pay pays paid payment* invoice* overdue reminder* debit debt transfer* dso dunning dispute* due"
        " credit+note rechnung* zahl* mahn* uberweis* gutschrift posten factura* pago* pagad* paga cobr* vencid*"
        " plazo* facture* paie* impay* relanc* virement",
    ),
    Kind(
        name="new+account* new+customer* new+logo* neukund* nuev*+client* cuentas+nuev* nouveaux",
        said="new+account* open* account first+order first+purchase prospect* visit* cold credit+limit neu neue"
        " neukund* erst* besuch* messe* anruf* termin* abre cuenta visita* nuev* nouveau* nouvelle* ouvre",
    ),
    Kind(
        name="fill+rate otif deliver* stock liefer* availab*",
        said="stock oos out+stock deliver* warehouse short incomplete complete truck* suppl* liefer* lager* entregas"
        " almacen livrai* incompleto",
    ),
    Kind(
        name="registration* registrier*",
        said="regist* reg regs portal approv* conflict expir* freigab* meldet anmeld* enregistr*",
    ),
    Kind(
        name="certif* training* enablement schulung* formation* zertifi* formac*",
        said="exam* course* train* certif* cert pass passes passed resit* prufung* schul* zertif* kurs* lehrgang"
        " formation* forme* curso* module* learning participant* teilnehm* refresher",
    ),
    Kind(
        name="win+rate hit+rate close+rate abschlussquote",
        said="win* won lose* lost loss* competitor* poc reference shortlist* battlecard* decision criteria evaluat*"
        " wettbewerb* gewonnen verloren perdi* perdu* proof",
    ),
    Kind(
        name="quote* proposal* offer* angebot* oferta* devis",
        said="quote* proposal* offer* angebot* tender* bid ausschreib* kalkul* lv oferta* propuesta* presupuesto*"
        " devis offre* nachfass*",
    ),
    Kind(
        name="service+contract* attach* maintenance wartung* servicevertr* mantenimiento entretien",
        said="mainten* service* wartung* inspect* inspekt* hotline contract* *vertrag warrant* garantie mantenim*"
        " entretien kundig*",
    ),
    Kind(
        name="tender* bid bids ausschreib* licitac* appel*",
        said="tender* bid rfp dossier submission ausschreib* los licitac* pliego* appel* offres verdict jury oral",
    ),
    Kind(
        name="placement* install* aufstell*",
        said="install* place* unit swap* live deliver* site analy* device* gerat* aufstell* instal* equipo* appareil*",
    ),
    Kind(
        name="pull+through usage consumption adoption consumable* reagent* verbrauch*",
        said="usage order* reorder* standing+order kit kits reagent* reactif* consum* stock down verbrauch* commande*"
        " adopt* active try tries",
    ),
    Kind(
        name="nps csat satisf* reference* zufrieden*",
        said="survey* nps csat reference* case+study testimonial* feedback umfrage* encuesta* enquete*",
    ),
    Kind(
        name="meeting* visit* appointment* termin* reunion* rendez* besuch*",
        said="meeting* visit* appointment* termin* calendar reunion* cita* rdv rendez* besuch*",
    ),
    Kind(
        name="booking* auftrag* order+intake new+arr new+acv new+mrr new+business closed+won deals umsatz revenue"
        " sales ventas pedido* commande* win wins bestell*",
        said="sign signs signed signing signature* countersign* contract* order* po close* docusign verbal legal"
        " redline* markup msa loi proposal* quote* offer* price* security+review purchas* procurement paperwork"
        " firma* contrato* pedido* propuesta* compras unterschr* bestell* *auftrag auftrag* *vertrag angebot*"
        " zuschlag ab einkauf contrat* commande* devis signe yes+no ja+nein si+no bon",
    ),
)
"""A KPI is of the first kind that its name knows, so the narrow kinds come before the wide ones."""

NO_NUMBER = (
    "expense* travel* flight* hotel slides deck offsite lunch party interview* holiday* vacation dentist headset laptop"
    " wiki training+video self+assessment swag hr headcount template* candidate* buddy appraisal* comp+plan mileage"
    " claim receipt* badge visa cleanup spesen* reisekosten urlaub* dienstwagen* umzug *feier weihnacht* gasto* viaje*"
    " vuelo* curso* coche* notes+frais voyage* conge*"
)
"""Words of work that moves no number."""

SAY_LITTLE = (
    "accuracy arr completed created days gross held level made mrr acv net new neue nuevo first number offene open rate"
    " time total value"
)
"""Words of a KPI's name that do not say which number it is."""

STOP = (
    "the and for with from that this they who what has have had not are was will all our out one two by on at in to of"
    " is it or an as be so no der die das den dem des und mit von fur bis bei auf aus ein eine einen wer ist noch nicht"
    " damit el la los las de del que con por para una uno un en dos se al le les du une et avec pour par sur"
)
"""Words that say nothing of what a text is about."""

ENDINGS = (
    "ations ation ungen ung ings ing ed en er ers es s e n t ion ions al als iert ieren aciones acion mente ment ments"
)
"""What a word may end in without being another word."""
