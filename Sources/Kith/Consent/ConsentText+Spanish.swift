extension ConsentText {
    /// The usual words in Spanish as it is understood in all of Latin America, with “usted”: they say what the English
    /// ones say, in sentences as short. Where English says “peer”, Spanish says “persona de apoyo”, a person and not a
    /// trade.
    static func usualInSpanish(for purpose: Consent.Purpose) -> String {
        switch purpose {
        case .takePart: takePart
        case .shareStatus: shareStatus
        case .contactByPhone: phone
        case .contactByText: text
        case .contactByEmail: email
        case .contactByLetter: letter
        }
    }

    private static let takePart = """
        Le ofrecemos una persona de apoyo. Es alguien que ha vivido algo parecido. Le escucha, comparte lo que ha \
        vivido y le ayuda a encontrar su camino. No es médico ni enfermera.

        Si dice que sí, buscamos a alguien que vaya bien con usted. Guardamos su nombre, sus deseos y cuándo se \
        encuentran. Usted puede leer las notas que escriben juntos. Puede decir si algo no está bien.

        Lo que usted cuenta se queda en nuestro equipo. Si una vida está en peligro, tenemos que pedir ayuda.

        Es gratis. Usted decide. Puede dejarlo en cualquier momento, sin decir por qué. Si dice que no, su atención \
        médica sigue igual.
        """

    private static let shareStatus = """
        Alguien nos habló de usted. Pudo ser su enfermera, su médico o su clínica. Les gustaría saber cómo va todo.

        Si dice que sí, ven cómo avanza. Ven que usted conoció a su persona de apoyo y cuándo termina. Nunca ven de \
        qué hablan. Nunca ven las notas.

        Si dice que no, solo ven que recibimos su carta y si pudimos aceptarla. Usted puede tener una persona de \
        apoyo de todos modos.

        Puede cambiar de opinión en cualquier momento. Desde entonces no ven nada más.
        """

    private static let phone = """
        Nos gustaría llamarle por teléfono, para acordar cuándo verse y para conversar.

        Si dice que sí, nosotros o su persona de apoyo podemos llamar al número que nos dio. Solo dejamos un mensaje \
        si usted nos dijo que está bien. No le diremos a nadie más de qué se trata.

        Si dice que no, no llamamos. Usted puede tener una persona de apoyo y verse de otras maneras.

        Puede cambiar de opinión en cualquier momento. Entonces dejamos de llamar.
        """

    private static let text = """
        Nos gustaría enviarle mensajes de texto cortos. Le dicen cuándo se encuentran y si algo cambia.

        Si dice que sí, escribimos al número que nos dio. Los mensajes no dicen de qué trata su apoyo. Otras personas \
        pueden ver su teléfono: piense en quién lo usa.

        Si dice que no, no enviamos mensajes. Usted puede tener una persona de apoyo de todos modos.

        Puede cambiar de opinión en cualquier momento. Entonces dejamos de escribir.
        """

    private static let email = """
        Nos gustaría enviarle correos electrónicos. Le avisan cuando hay algo nuevo para usted aquí.

        Si dice que sí, escribimos a la dirección que nos dio. El correo no dice de qué trata su apoyo. Otras \
        personas pueden leer su correo: piense en quién puede abrirlo.

        Si dice que no, no enviamos correos. Usted puede tener una persona de apoyo de todos modos.

        Puede cambiar de opinión en cualquier momento. Entonces dejamos de escribir.
        """

    private static let letter = """
        Nos gustaría enviarle cartas. Traen cosas para leer o para guardar.

        Si dice que sí, escribimos a la dirección de su casa. Por fuera solo se ve adónde debe volver la carta. \
        Piense en quién abre el correo en su casa.

        Si dice que no, no enviamos cartas. Usted puede tener una persona de apoyo de todos modos.

        Puede cambiar de opinión en cualquier momento. Entonces dejamos de escribir.
        """
}
