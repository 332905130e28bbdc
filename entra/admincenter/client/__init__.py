"""The admin center as a client of its own provider: it knows no more of a sign-in than any other client would."""
