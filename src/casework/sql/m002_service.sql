create index cases_service on cases (service, id)
