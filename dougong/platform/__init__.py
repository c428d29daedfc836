"""The ground floor: tenants, accounts, rights, versioned documents, files, audit. It knows no definition and no ticket."""
