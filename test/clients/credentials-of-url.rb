# Preloaded (`ruby -r`): Net::HTTP leaves the credentials of a URL out; with this it sends them. The samples stay as
# they are.
require 'net/http'

module CredentialsOfUrl
  def initialize(method, request_body, response_body, uri_or_path, header = nil)
    super
    basic_auth(uri_or_path.user, uri_or_path.password) if uri_or_path.is_a?(URI) && uri_or_path.user
  end
end
Net::HTTPGenericRequest.prepend(CredentialsOfUrl)
